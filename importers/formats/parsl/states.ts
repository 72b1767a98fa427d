import { places } from "../facts.ts";
import type { EventType } from "../format.ts";

/** The states of a try, which parsl.log and monitoring.db both record. */
export const statesOfTry: readonly EventType[] = [
  { event: "pending", place: places.dependencies },
  { event: "launched", place: places.parsl, work: "queued" },
  { event: "running", place: places.worker },
  { event: "running_ended", place: places.returning },
  { event: "joining", place: places.joining, work: "idle" },
  { event: "exec_done", place: places.done, isFinal: true, work: "idle" },
  { event: "memo_done", place: places.done, isFinal: true },
  { event: "dep_fail", place: places.failed, isFinal: true },
  { event: "failed", place: places.failed, isFinal: true, work: "idle" },
  { event: "fail_retryable", place: places.retry, isFinal: true, work: "idle" },
];
