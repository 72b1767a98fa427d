import { type Sql, sql } from "../../../sql/mod.ts";
import { spanKeySql } from "../../../sql/mod.ts";

/** A column as text, as identities are. */
export const text = (column: string) => sql`CAST(${sql.id(column)} AS TEXT)`;

export const run = text("run_id");
export const task = text("task_id");
// Parsl before 1.1 does not count tries: what it tells is of the first.
export const tryId = sql`CAST(ifnull(try_id, 0) AS TEXT)`;
// Some sources say "block-0", some "0".
export const block = sql`CASE WHEN CAST(block_id AS TEXT) LIKE 'block-%'
  THEN substr(CAST(block_id AS TEXT), 7) ELSE CAST(block_id AS TEXT) END`;

/** What is known of a kind of spans. */
export interface KindOfSpan {
  /** The columns that identify one. */
  columns: readonly string[];
  /** What those columns hold, as the key of the span. */
  key: Sql;
  /** The columns that a row needs for it, and what stands for the others. */
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

/** What a row of each table tells of; other tables are not known. */
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

/** Whether a row has all that identifies a span. */
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
