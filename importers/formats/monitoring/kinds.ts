import { type Sql, sql } from "../../../sql/mod.ts";
import { spanKeySql } from "../../../sql/mod.ts";

/** A column as text: identity values are canonical text. */
export const text = (column: string) => sql`CAST(${sql.id(column)} AS TEXT)`;

export const run = text("run_id");
export const task = text("task_id");
// Parsl before 1.1 does not number tries; its rows belong to the first.
export const tryId = sql`CAST(ifnull(try_id, 0) AS TEXT)`;
// Some sources say "block-0", some "0".
export const block = sql`CASE WHEN CAST(block_id AS TEXT) LIKE 'block-%'
  THEN substr(CAST(block_id AS TEXT), 7) ELSE CAST(block_id AS TEXT) END`;

/** How the spans of a kind are identified. */
export interface KindOfSpan {
  /** Identifying columns. */
  columns: readonly string[];
  /** The key of the span, from these columns. */
  key: Sql;
  /** Columns that must not be NULL, and defaults for the others. */
  needs: readonly string[];
  otherwise: Readonly<Record<string, Sql>>;
}

/** The kinds of spans. */
export const kinds = {
  workflow: kind(["run_id"], [run]),
  task: kind(["run_id", "task_id"], [run, task]),
  try: kind(["run_id", "task_id", "try_id"], [run, task, tryId], {
    try_id: sql`0`,
  }),
  block: kind(["run_id", "executor_label", "block_id"], [
    run,
    text("executor_label"),
    block,
  ]),
  node: kind(["run_id", "hostname", "uid"], [
    run,
    text("hostname"),
    text("uid"),
  ], { uid: sql`''` }),
};

export type Kind = keyof typeof kinds;

/** By table, the kind of span that a row describes. */
export const kindOfTable: ReadonlyMap<string, Kind> = new Map([
  ["workflow", "workflow"],
  ["task", "task"],
  ["try", "try"],
  ["block", "block"],
  ["node", "node"],
  ["status", "try"],
  ["resource", "try"],
]);

export const typeOf = (kind: Kind) => `parsl.monitoring.${kind}`;

/** Whether a row identifies a span. */
export const isThere = (kind: Kind) =>
  sql.join(
    kinds[kind].needs.map((column) => sql`${sql.id(column)} IS NOT NULL`),
    " AND ",
  );

function kind(
  columns: readonly string[],
  identity: readonly Sql[],
  otherwise: Readonly<Record<string, Sql>> = {},
): KindOfSpan {
  const needs = columns.filter((column) => !(column in otherwise));
  return { columns, key: spanKeySql(identity), needs, otherwise };
}
