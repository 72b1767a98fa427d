import { withRoom } from "../../sql/mod.ts";
import type { Execution } from "./executions.ts";
import type { Work } from "./assign_work.ts";
import type { Life } from "./lives.ts";
import type { RunTimes } from "./run_times.ts";
import type { Tries, TryRow } from "./tries.ts";
import type { Waits } from "./waits.ts";
import { type Attempt, nameOf, type Outcome } from "./worker.ts";

/**
 * Returns a function for the attempts of a worker: its executions, each with an
 * end and an outcome.
 */
export function attemptsByWorker(
  executions: readonly Execution[],
  tries: Tries,
  waits: Waits,
): (work: Work, run: RunTimes) => Attempt[] {
  const repeated = repeatedOf(executions, tries);
  return ({ life, executions }, run) => {
    const name = { ...nameOf(life), run: run.label };
    executions.sort((a, b) => a.start - b.start);
    return executions.map((one, i): Attempt => {
      const known = tries.known(one);
      const [end, ended_by] = endOf(executions, i, life, run, known);
      const isRepeated = repeated.has(one);
      const isRetried = isRepeated ||
        tries.lastNumber(one) > Number(one.try ?? 0);
      // The state of a try is that of its last execution.
      const state = isRepeated ? undefined : known;
      return {
        ...name,
        executor: name.executor ?? one.executor,
        block: name.block ?? one.block,
        host: life.host ?? one.host,
        app: known?.app ?? one.category,
        task: one.task,
        try: one.try,
        executor_task: one.executor_task,
        received: waits.receivedAt(one),
        start: one.start,
        end,
        seconds: end - one.start,
        outcome: outcomeOf(one, ended_by, run, state, isRepeated),
        ended_by,
        retried: isRetried ? 1 : 0,
        account: one.account,
        cores: one.cores,
        memory_mb: one.memory_mb,
        disk_mb: one.disk_mb,
        gpus: one.gpus,
        span_id: one.span_id,
      };
    });
  };
}

/** Executions of work that was started again: a queue sends it if it is lost. */
function repeatedOf(
  executions: readonly Execution[],
  tries: Tries,
): Set<Execution> {
  /** By the number of a try, one more than its last execution. */
  let lastOfTries = new Int32Array(8);
  /** Only its executor may know the number of a task. */
  const lastOfSpans = new Map<number, number>();
  const repeated = new Set<Execution>();
  for (const [i, one] of executions.entries()) {
    const number = one.task === null ? undefined : tries.number(one);
    const last = number === undefined
      ? lastOfSpans.get(one.span_id)
      : lastOfTries[number];
    const other = last ? executions[last - 1] : undefined;
    if (!other || other.start <= one.start) {
      if (number === undefined) lastOfSpans.set(one.span_id, i + 1);
      else {
        lastOfTries = withRoom(lastOfTries, number + 1);
        lastOfTries[number] = i + 1;
      }
    }
    if (other) repeated.add(other.start < one.start ? other : one);
  }
  return repeated;
}

/** The earliest proof that an execution of a worker was over. */
function endOf(
  executions: readonly Execution[],
  i: number,
  life: Life,
  run: RunTimes,
  known: TryRow | undefined,
): [end: number, ended_by: Attempt["ended_by"]] {
  const { start, end, is_lost } = executions[i]!;
  if (end !== null && !is_lost) return [end, "log"];
  const proofs: [number, Attempt["ended_by"]][] = [
    [life.interval[1], life.ended_by],
  ];
  if (end !== null) proofs.push([end, "log"]);
  const change = life.changes.find(([time]) => time > start);
  if (change) {
    const reason = life.manager === null ? "disconnected" : "worker died";
    proofs.push([change[0], reason]);
  }
  // An HTEX worker has one task at a time.
  const isSingle = life.manager !== null && life.worker !== null;
  const next = isSingle ? executions[i + 1] : undefined;
  if (next) proofs.push([next.start, "next attempt"]);
  const { ended } = known ?? {};
  if (ended != null && ended >= start) proofs.push([ended, "end of the try"]);
  const [proof, ended_by] = proofs.reduce((a, b) => b[0] < a[0] ? b : a);
  const last = ended_by === "last known time" ? run.last : proof;
  return [Math.max(start, last), ended_by];
}

/** Sources of an end after which the result of an attempt may still count. */
const survivable: ReadonlySet<Attempt["ended_by"]> = new Set([
  "log",
  "next attempt",
  "end of the try",
  "last known time",
]);

function outcomeOf(
  { is_lost, is_failed }: Execution,
  ended_by: Attempt["ended_by"],
  run: RunTimes,
  known: TryRow | undefined,
  isRepeated: boolean,
): Outcome {
  const isUnfinished = ended_by === "end of the try" && !known?.is_useful;
  // A run that was cut off may have gone on.
  const isCut = run.ended === null && known?.state == null &&
    ended_by === "end of manager log";
  if (isCut && !isRepeated && !is_lost) return "running";
  if (is_lost || isUnfinished || !survivable.has(ended_by)) return "lost";
  if (ended_by === "last known time") return "running";
  if (known?.state != null) return known.is_useful ? "done" : "failed";
  return is_failed || isRepeated ? "failed" : "done";
}
