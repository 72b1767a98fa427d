import type { Link } from "./walk_back.ts";

/** The seconds that a link of the critical path spent with what. */
export interface CriticalSeconds {
  /** Until the task was submitted, by the program or the join app around it. */
  submitting: number;
  /** From then, and from when nothing it waited for was left, to its launch. */
  launching: number;
  /** From its first launch to that of its last try. */
  retrying: number;
  /** From there to a worker. Null where nobody tells when it came there. */
  queued: number | null;
  /** There. With `queued`, and `returning`, where nobody tells them apart. */
  running: number;
  /** From there to the end of the task. */
  returning: number;
  /** From the end of the last inner task to that of the join app. */
  joining: number;
}

/** A link of the chain, a row of `criticalPath`. */
export interface CriticalTask extends CriticalSeconds {
  /** The id of the run; where nobody tells it, the run directory. */
  run: string;
  /** The span of the task; null where only its tries are told of. */
  task_id: number | null;
  /** Parsl's number of the task. */
  task: string;
  /** Its app. */
  app: string | null;
  /**
   * "task", or what of a join app: "start", until it submitted the next one, or
   * "join", from the end of its last inner task on.
   */
  part: "task" | "start" | "join";
  /** The state that the task ended in. */
  state: string | null;
  /** How many tries it had. */
  tries: number;
  /** When this link took over from the one before, in Unix seconds. */
  start: number;
  /** When the task was submitted, in Unix seconds. */
  submitted: number | null;
  /** When its last try was launched. */
  launched: number | null;
  /** When that came to a worker. */
  started: number | null;
  /** When it was done there. */
  finished: number | null;
  /** When this link handed over to the next: the end of the task, mostly. */
  end: number;
  /** What of the run's time it is, in seconds: the sum of all its parts. */
  contributed: number;
  /**
   * By how many seconds it could have been shorter before something else, which
   * the next task waited for as well, had been what it waited for. Null where
   * there was nothing else. For the last one: before another ended the run.
   */
  slack: number | null;
}

/** The row of a link that takes over at a time. */
export function rowOf(link: Link, start: number): CriticalTask {
  const { task, part, otherwise } = link;
  const { run, task_id, app, state, submitted, tries } = task;
  const end = Math.max(link.end, start);
  const { launched = null, started = null, finished = null } = tries.at(-1) ??
    {};
  return {
    ...{ run, task_id, task: task.task, app, part, state },
    ...{ tries: tries.length, start, submitted, launched, started, finished },
    end,
    contributed: end - start,
    ...secondsOf(link, start, end),
    slack: otherwise === null ? null : Math.max(0, end - otherwise),
  };
}

function secondsOf(
  { task, part }: Link,
  start: number,
  end: number,
): CriticalSeconds {
  const seconds: CriticalSeconds = {
    ...{ submitting: 0, launching: 0, retrying: 0, queued: 0, running: 0 },
    ...{ returning: 0, joining: 0 },
  };
  if (part === "join") return { ...seconds, joining: end - start };
  const first = task.tries[0]?.launched ?? null;
  const { launched = null, started = null, finished = null } =
    task.tries.at(-1) ?? {};
  let since = start;
  // Each until a time, or to the end if it is the last that there was.
  const spend = (name: keyof CriticalSeconds, until: number) => {
    const to = Math.min(Math.max(until, since), end);
    seconds[name] = (seconds[name] ?? 0) + to - since;
    since = to;
  };
  if (task.submitted !== null) spend("submitting", task.submitted);
  spend("launching", first ?? launched ?? started ?? end);
  if (launched !== null) spend("retrying", launched);
  if (started !== null) {
    spend("queued", started);
    if (finished !== null) spend("running", finished);
    spend(finished === null ? "running" : "returning", end);
  } else if (since < end) {
    seconds.queued = null;
    spend("running", end);
  }
  return seconds;
}
