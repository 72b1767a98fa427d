import { type Sql, sql } from "../../sql/mod.ts";
import { spanKeySql } from "../identity.ts";
import type { CopiedTable } from "./copy.ts";

/** What the spans of one source are made from. */
export interface SpanSource {
  sourceId: number;
  /** JSON: the attributes that every span of the import is given. */
  attributes: string;
  /** What was copied just now; empty for a source of an earlier import. */
  tables: readonly CopiedTable[];
}

/** A column as text, as identities are. */
export const text = (column: string) => sql`CAST(${sql.id(column)} AS TEXT)`;

export const run = text("run_id");
export const task = text("task_id");
// Parsl before 1.1 does not count tries: what it tells is of the first.
export const tryId = sql`CAST(ifnull(try_id, 0) AS TEXT)`;
// Some sources say "block-0", some "0".
export const block = sql`CASE WHEN CAST(block_id AS TEXT) LIKE 'block-%'
  THEN substr(CAST(block_id AS TEXT), 7) ELSE CAST(block_id AS TEXT) END`;

/** The kinds of spans: what identifies one, and what a row needs for it. */
export const kinds = {
  workflow: { key: spanKeySql([run]), needs: ["run_id"] },
  task: { key: spanKeySql([run, task]), needs: ["run_id", "task_id"] },
  try: { key: spanKeySql([run, task, tryId]), needs: ["run_id", "task_id"] },
  block: {
    key: spanKeySql([run, text("executor_label"), block]),
    needs: ["run_id", "executor_label", "block_id"],
  },
  node: {
    key: spanKeySql([run, text("hostname"), text("uid")]),
    needs: ["run_id", "hostname"],
  },
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

/** Whether a row of a table, under the name `told`, is of the source. */
export function isOf({ sourceId, tables }: SpanSource, table: string): Sql {
  // Its rows are the last ones: those of all other sources need not be read.
  const after = tables.find(({ name }) => name === table)?.after ?? 0;
  return sql`told.source_id = ${sourceId} AND told.rowid > ${after}`;
}

/** What a rowid in the source has less than its rowid here. */
export const offsetOf = ({ tables }: SpanSource, table: string): number =>
  tables.find(({ name }) => name === table)?.offset ?? 0;
