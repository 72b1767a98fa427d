import { type Database, type Row, sql } from "../../../sql/mod.ts";

/** A table of a database, as it is there. */
export interface Table {
  name: string;
  columns: Column[];
}

/** A column, with its type as it was declared. */
export interface Column {
  name: string;
  type: string;
}

/** The tables of a database, without SQLite's own. */
export function tablesOf(db: Database): Table[] {
  const names = db.query<{ name: string }>(
    `SELECT name FROM sqlite_schema
     WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
     ORDER BY name`,
  );
  return names.map(({ name }) => ({ name, columns: columnsOf(db, name) }));
}

/**
 * The columns of a table; none if there is no table. One that is computed when
 * it is read holds nothing of its own, and may be made to give anything: it is
 * left out.
 */
export function columnsOf(db: Database, table: string): Column[] {
  // 1 is an argument of a virtual table, 2 is computed, 3 is computed and kept.
  return db.query<Row>(sql`PRAGMA table_xinfo(${sql.id(table)})`)
    .filter(({ hidden }) => hidden === 0 || hidden === 3)
    .map(({ name, type }) => ({ name: String(name), type: String(type) }));
}

/** Whether a table has a column. */
export const hasColumn = (db: Database, table: string, column: string) =>
  columnsOf(db, table).some(({ name }) => name === column);

/**
 * Whether these are the tables of Parsl's monitoring: known by their shape,
 * since a file may have any name.
 */
export function areMonitoringTables(tables: readonly Table[]): boolean {
  const has = (table: string, ...columns: string[]) => {
    const found = tables.find(({ name }) => name === table);
    return columns.every((column) =>
      found?.columns.some(({ name }) => name === column)
    );
  };
  return has("workflow", "run_id", "time_began") &&
    has("task", "run_id", "task_id");
}
