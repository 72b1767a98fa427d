import { type Database, type Row, sql } from "../../../sql/mod.ts";

/** A table of a database. */
export interface Table {
  name: string;
  columns: Column[];
}

/** A column with its declared type. */
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
  return names.map(({ name }) => ({ name, columns: columnsOfTable(db, name) }));
}

/**
 * The columns of a table; none if there is no table. Leaves out columns that are
 * computed when read: a hostile one could return anything.
 */
export function columnsOfTable(db: Database, table: string): Column[] {
  // 1: argument of a virtual table; 2: computed; 3: computed and stored.
  return db.query<Row>(sql`PRAGMA table_xinfo(${sql.id(table)})`)
    .filter(({ hidden }) => hidden === 0 || hidden === 3)
    .map(({ name, type }) => ({ name: String(name), type: String(type) }));
}

/** Whether a table has a column. */
export const hasColumn = (db: Database, table: string, column: string) =>
  columnsOfTable(db, table).some(({ name }) => name === column);

/** Whether these are the tables of Parsl's monitoring, in a file of any name. */
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
