import { type Sql, sql } from "dnpc/sql";
import { statesOverTime } from "dnpc/questions";
import type { Making } from "./activities.ts";
import { microseconds } from "./events.ts";
import { type Attributes, placeOf, runOf } from "./tracks.ts";

/**
 * Emits what each try waited for: an async slice for the try and, in it, one
 * for each of its states. Tries of an app lie together.
 */
export function emitTries(making: Making): void {
  const { wanted } = making;
  emitStates(
    making,
    "parsl.rundir",
    sql`SELECT id FROM span WHERE type = 'parsl.rundir.try' AND ${wanted}`,
  );
  emitStates(
    making,
    "parsl.monitoring",
    sql`SELECT id FROM span WHERE type = 'parsl.monitoring.try' AND ${wanted}
      AND id NOT IN (SELECT left_id FROM facet)
      AND id NOT IN (SELECT right_id FROM facet)`,
  );
}

interface Change {
  root_id: number;
  time: number;
  state: string;
}

function emitStates(making: Making, component: string, roots: Sql): void {
  const { db } = making;
  const attributes = new Map(
    db.query<{ id: number; attributes: string }>(
      sql`SELECT id, attributes FROM span WHERE id IN (${roots})`,
    ).map(({ id, attributes }) => [id, attributes]),
  );
  const emitOne = (changes: readonly Change[]) =>
    emitTry(making, changes, JSON.parse(attributes.get(changes[0]!.root_id)!));
  let changes: Change[] = [];
  for (
    const change of db.iterate<Change>(statesOverTime(roots, { component }))
  ) {
    if (changes[0] && changes[0].root_id !== change.root_id) {
      if (!emitOne(changes)) return;
      changes = [];
    }
    changes.push(change);
  }
  if (changes.length) emitOne(changes);
}

const finalStates = new Set(
  ["exec_done", "memo_done", "failed", "dep_fail", "fail_retryable"],
);

function emitTry(
  { emit, tracks, runs, appOf }: Making,
  changes: readonly Change[],
  attributes: Attributes,
): boolean {
  const { rundir: _, ...args } = attributes;
  const [run] = placeOf(attributes, runs);
  const pid = tracks.process([run!, "tries"]);
  const app = appOf(runOf(attributes), attributes.task);
  const id = `0x${changes[0]!.root_id.toString(16)}`;
  const emitAsync = (
    ph: "b" | "e",
    name: string,
    time: number,
    args?: Attributes,
  ) =>
    emit({
      ...{ ph, name, cat: "try", id, pid, tid: 0, ts: microseconds(time) },
      ...(args && { args }),
    });
  const last = changes.at(-1)!;
  emitAsync("b", app, changes[0]!.time, { ...args, ended: last.state });
  for (const [i, { state, time }] of changes.entries()) {
    if (finalStates.has(state)) continue;
    emitAsync("b", state, time);
    const next = changes[i + 1];
    if (next) emitAsync("e", state, next.time);
  }
  // One that never ended stays open.
  return !finalStates.has(last.state) || emitAsync("e", app, last.time);
}
