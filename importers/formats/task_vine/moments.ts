import type { EventType } from "../format.ts";

/** Events of a task that a later line reports, with their own times. */
export const moments: readonly EventType[] = [
  { event: "commit_start", doc: "The manager begins to send the task." },
  { event: "commit_end", doc: "The manager has sent the task." },
  {
    event: "worker_start",
    doc: "The worker begins to execute the task, by its own clock.",
  },
  {
    event: "worker_end",
    doc: "The worker has executed the task, by its own clock.",
  },
];
