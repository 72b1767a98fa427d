import { keyOf } from "./place_rows.ts";
import { levels, type Worker } from "./worker.ts";

/** Workers that have a part of their names, or an attribute, in common. */
export interface WorkerGroup {
  /** The parts in common, by column, from the outside in. */
  name: { run: string | null } & Record<string, string | null>;
  workers: Worker[];
}

/**
 * Groups workers, in their order, by "run", "executor", "block", "manager",
 * "worker", "node", or any of their attributes.
 *
 * @param others names that the question takes besides, for the message
 * @throws {RangeError} for a name that none of the workers has
 */
export function groupWorkers(
  workers: readonly Worker[],
  by: string,
  others: readonly string[] = [],
): WorkerGroup[] {
  const level = levels.findIndex((name) => name === by);
  const inner: readonly string[] = level < 0 ? ["run", by] : levels.slice(
    0,
    level + 1,
  );
  if (level < 0 && by !== "node") checkAttribute(workers, by, others);
  const groups = new Map<string, WorkerGroup>();
  for (const worker of workers) {
    const parts = inner.map((part): [string, string | null] => [
      part,
      partOf(worker, part),
    ]);
    groups.getOrInsertComputed(
      keyOf(...parts.map(([, value]) => value)),
      () => ({
        name: Object.fromEntries(parts) as WorkerGroup["name"],
        workers: [],
      }),
    ).workers.push(worker);
  }
  return [...groups.values()];
}

function partOf(worker: Worker, part: string): string | null {
  const level = levels.find((name) => name === part);
  if (level) return worker[level];
  if (part === "node") return worker.host;
  const values = worker.attributes.map((json) => JSON.parse(json)[part]);
  const value = values.find((value) => value !== undefined);
  return value === undefined
    ? null
    : typeof value === "object"
    ? JSON.stringify(value)
    : String(value);
}

function checkAttribute(
  workers: readonly Worker[],
  by: string,
  others: readonly string[],
): void {
  const names = new Set(
    workers.flatMap(({ attributes }) =>
      attributes.flatMap((json) => Object.keys(JSON.parse(json)))
    ),
  );
  if (names.has(by) || workers.length === 0) return;
  const list = [
    ...levels,
    "node",
    ...others,
    ...names.difference(new Set(levels)),
  ]
    .map((name) => JSON.stringify(name)).join(", ");
  throw new RangeError(
    `workers have no ${JSON.stringify(by)} to group by: there is ${list}`,
  );
}
