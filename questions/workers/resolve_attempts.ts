import { type Execution, keyOf, runOf, type TryRow } from "./executions.ts";
import type { Work } from "./assign_work.ts";
import type { Life } from "./lives.ts";
import type { RunTimes } from "./run_times.ts";
import { type Attempt, nameOf, type Outcome } from "./worker.ts";

/**
 * Returns a function for the attempts of a worker: its executions, each with an
 * end and an outcome.
 */
export function attemptsByWorker(
  executions: readonly Execution[],
  tries: ReadonlyMap<string, TryRow>,
): (work: Work, run: RunTimes) => Attempt[] {
  const retries = lastTries(tries);
  const repeats = lastStarts(executions);
  const tryOf = (one: Execution) =>
    tries.get(keyOf(runOf(one), one.task, one.try));
  return ({ life, executions }, run) => {
    const name = { ...nameOf(life), run: run.label };
    return resolveEnds(executions, life, run, tryOf).map((one): Attempt => {
      const lastTry = retries.get(keyOf(runOf(one), one.task)) ?? 0;
      const isRepeated = repeats.get(workKey(one))! > one.start;
      const isRetried = isRepeated || lastTry > Number(one.try ?? 0);
      // The state of a try is that of its last execution.
      const known = isRepeated ? undefined : tryOf(one);
      const { start, end, ended_by } = one;
      return {
        ...name,
        executor: name.executor ?? one.executor,
        block: name.block ?? one.block,
        host: life.host ?? one.host,
        app: tryOf(one)?.app ?? one.category,
        task: one.task,
        try: one.try,
        executor_task: one.executor_task,
        start,
        end,
        seconds: end - start,
        outcome: outcomeOf(one, run, known, isRepeated),
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

/** By run and task, the number of the last try. */
function lastTries(tries: ReadonlyMap<string, TryRow>): Map<string, number> {
  const last = new Map<string, number>();
  for (const row of tries.values()) {
    const key = keyOf(runOf(row), row.task);
    last.set(key, Math.max(Number(row.try), last.get(key) ?? 0));
  }
  return last;
}

/** A try, or the work of a task whose number only its executor knows. */
const workKey = (one: Execution): string =>
  one.task === null
    ? keyOf(runOf(one), one.executor, "", String(one.span_id))
    : keyOf(runOf(one), one.task, one.try);

/** When each work was last started: a queue sends it again if it is lost. */
function lastStarts(executions: readonly Execution[]): Map<string, number> {
  const last = new Map<string, number>();
  for (const one of executions) {
    const key = workKey(one);
    last.set(key, Math.max(one.start, last.get(key) ?? -Infinity));
  }
  return last;
}

type Ended = Execution & { end: number; ended_by: Attempt["ended_by"] };

/** Gives each execution of a worker an end, by the earliest proof of it. */
function resolveEnds(
  executions: Execution[],
  life: Life,
  run: RunTimes,
  tryOf: (execution: Execution) => TryRow | undefined,
): Ended[] {
  executions.sort((a, b) => a.start - b.start);
  // An HTEX worker has one task at a time.
  const isSingle = life.manager !== null && life.worker !== null;
  return executions.map((execution, i): Ended => {
    const { start, end } = execution;
    if (end !== null && !execution.is_lost) {
      return { ...execution, end, ended_by: "log" };
    }
    const change = life.changes.find(([time]) => time > start);
    const next = isSingle ? executions[i + 1] : undefined;
    const proofs: [number, Attempt["ended_by"]][] = [
      [life.interval[1], life.ended_by],
    ];
    if (end !== null) proofs.push([end, "log"]);
    if (change) {
      const reason = life.manager === null ? "disconnected" : "worker died";
      proofs.push([change[0], reason]);
    }
    if (next) proofs.push([next.start, "next attempt"]);
    const { ended } = tryOf(execution) ?? {};
    if (ended != null && ended >= start) proofs.push([ended, "end of the try"]);
    const [proof, ended_by] = proofs.reduce((a, b) => b[0] < a[0] ? b : a);
    const last = ended_by === "last known time" ? run.last : proof;
    return { ...execution, end: Math.max(start, last), ended_by };
  });
}

/** Sources of an end after which the result of an attempt may still count. */
const survivable: ReadonlySet<Attempt["ended_by"]> = new Set([
  "log",
  "next attempt",
  "end of the try",
  "last known time",
]);

function outcomeOf(
  { ended_by, is_lost, is_failed }: Ended,
  run: RunTimes,
  known: TryRow | undefined,
  isRepeated: boolean,
): Outcome {
  const isUnfinished = ended_by === "end of the try" && !known?.is_useful;
  // A run that was cut off may have gone on.
  const isCut = run.ended === null && known?.state == null &&
    ended_by === "end of the manager's log";
  if (isCut && !isRepeated && !is_lost) return "running";
  if (is_lost || isUnfinished || !survivable.has(ended_by)) return "lost";
  if (ended_by === "last known time") return "running";
  if (known?.state != null) return known.is_useful ? "done" : "failed";
  return is_failed || isRepeated ? "failed" : "done";
}
