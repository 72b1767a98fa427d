import { mostContradictions } from "./records.ts";
import { jsonPath, memberText } from "./json.ts";
import type { Database } from "../database.ts";
import { createSchema } from "../schema.ts";
import { type Sql, sql } from "../template.ts";
import { type ChosenRows, type RowsInSql, rowsInSql } from "./chosen_rows.ts";
import { findRowSources } from "./find_row_sources.ts";
import { type Labels, relabelText } from "./labels.ts";
import type { MergeReport } from "./row_report.ts";

/** Gives attributes of rows other names, and their values other ones. */
export function relabelRows(
  db: Database,
  labels: Labels,
  chosen: ChosenRows,
): MergeReport {
  const rows = rowsInSql(chosen);
  createSchema(db);
  return db.transaction(() => {
    const report: MergeReport = {
      ...{ changed: 0, contradicted: 0, contradictions: [] },
    };
    // A row may be changed by several labels, and counts once.
    db.run("CREATE TEMP TABLE dnpc_changed (id INTEGER PRIMARY KEY)");
    for (const [name, label] of Object.entries(labels)) {
      if (typeof label !== "string") mapValues(db, rows, name, label);
      else {
        rename(db, rows, name, label);
        noteConflicts(db, rows, name, label, report);
      }
    }
    findRowSources(db, chosen.table ?? "span", report.contradictions);
    const [row] = db.query<{ count: number }>(
      "SELECT count(*) AS count FROM temp.dnpc_changed",
    );
    report.changed = row!.count;
    db.run("DROP TABLE temp.dnpc_changed");
    return report;
  });
}

function rename(
  db: Database,
  { table, json, where, isSpan }: RowsInSql,
  from: string,
  to: string,
): void {
  const [old, now] = [jsonPath(from), jsonPath(to)];
  const [oldText, newText] = [memberText(json, from), memberText(json, to)];
  const isFit = sql`${oldText} IS NOT NULL AND
    (${newText} IS NULL OR ${newText} = ${oldText})`;
  const isNew = isImplied(to);
  // What a source says under one of the names is said.
  const isStillImplied = sql`(${isImplied(from)}
    AND (${newText} IS NULL OR ${isNew}))`;
  const implied = sql`, implied = (
    SELECT nullif(json_group_array(name), '[]') FROM (
      SELECT value AS name FROM json_each(implied)
      WHERE value NOT IN (${from}, ${to})
      UNION ALL SELECT ${to} WHERE ${isStillImplied}))`;
  change(db, table, sql`${where} AND ${isFit}`);
  db.run(sql`UPDATE ${table} SET
      ${json} = json_remove(json_set(${json}, ${now}, ${json} -> ${old}), ${old})
      ${isSpan ? implied : sql``}
    WHERE ${where} AND ${isFit}`);
}

function isImplied(name: string): Sql {
  return sql`${name} IN (SELECT value FROM json_each(implied))`;
}

function mapValues(
  db: Database,
  { table, json, where }: RowsInSql,
  name: string,
  values: Readonly<Record<string, string>>,
): void {
  const [path, text] = [jsonPath(name), memberText(json, name)];
  const map = JSON.stringify(values);
  const value = sql`(SELECT value FROM json_each(${map}) WHERE key = ${text})`;
  const differs = sql`${where} AND ${text} <> ${value}`;
  change(db, table, differs);
  db.run(sql`UPDATE ${table} SET ${json} = json_set(${json}, ${path}, ${value})
    WHERE ${differs}`);
}

function change(db: Database, table: Sql, where: Sql): void {
  db.run(sql`INSERT OR IGNORE INTO temp.dnpc_changed
    SELECT id FROM ${table} WHERE ${where}`);
}

function noteConflicts(
  db: Database,
  { table, json, where }: RowsInSql,
  from: string,
  to: string,
  report: MergeReport,
): void {
  const [old, now] = [memberText(json, from), memberText(json, to)];
  const conflicts = sql`SELECT id, ${old} AS old, ${now} AS now
    FROM ${table} WHERE ${where} AND ${old} <> ${now}`;
  const [row] = db.query<{ count: number }>(
    sql`SELECT count(*) AS count FROM (${conflicts})`,
  );
  report.contradicted += row!.count;
  if (row!.count === 0) return;
  const rows = db.query<{ id: number; old: string; now: string }>(
    sql`${conflicts} ORDER BY id LIMIT ${mostContradictions}`,
  );
  for (const { id, ...said } of rows) {
    report.contradictions.push({
      ...{ rule: relabelText(from, to), on: {} },
      sides: [{ [from]: said.old }, { [to]: said.now }].map((values) => ({
        ...{ values, id, sources: [] },
      })),
    });
  }
}
