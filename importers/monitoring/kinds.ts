import { sql } from "../../sql/mod.ts";
import { spanKeySql } from "../identity.ts";

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
