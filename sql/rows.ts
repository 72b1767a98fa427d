// Flechette comes before arquero, which would install its newest version: that
// has a dependency that does not exist.
import "@uwdata/flechette/package.json" with { type: "json" };
import "arquero/package.json" with { type: "json" };
import type { ColumnTable } from "arquero";
import { lazyModule } from "../display/lazy_module.ts";
import { showAs } from "../display/notebook/jupyter.ts";
import { rowsTable } from "../display/text/rows.ts";
import { tableHtml, tableText } from "../display/text/table.ts";
import type { Row, SqlValue } from "./values.ts";

const arquero = lazyModule<typeof import("arquero")>(
  () => import.meta.resolve("arquero"),
);

/** The rows of a query, as the engines read them. */
export interface Result {
  /** The names of the columns. */
  columns: readonly string[];
  /** The values of each row, in the order of the columns. */
  rows: SqlValue[][];
}

/**
 * The result with distinct names of columns, numbered as SQLite does in a
 * subquery: "time", "time:1".
 */
export function withDistinctNames(result: Result): Result {
  const taken = new Set(result.columns);
  if (taken.size === result.columns.length) return result;
  const seen = new Set<string>();
  const columns = result.columns.map((name) => {
    let distinct = name;
    for (let i = 1; seen.has(distinct); i++) {
      const numbered = `${name}:${i}`;
      if (!taken.has(numbered)) distinct = numbered;
    }
    seen.add(distinct);
    taken.add(distinct);
    return distinct;
  });
  return { columns, rows: result.rows };
}

/** Returns a function that makes an object of a row. */
export const rowMaker = (columns: readonly string[]) =>
  columns.includes("__proto__")
    // Assigning to row["__proto__"] would set the prototype of the row.
    ? (values: SqlValue[]): Row =>
      Object.fromEntries(columns.map((name, i) => [name, values[i]!]))
    : (values: SqlValue[]): Row => {
      const row: Row = {};
      for (let i = 0; i < columns.length; i++) row[columns[i]!] = values[i]!;
      return row;
    };

/**
 * Makes equal texts of a column one, as the names of runs and apps, in place:
 * each row comes with texts of its own. A column of mostly distinct texts stays
 * as it is.
 */
export function shareTexts({ columns, rows }: Result): void {
  columns.forEach((_, column) => {
    const texts = new Map<string, string>();
    for (const row of rows) {
      const value = row[column];
      if (typeof value !== "string") continue;
      if (texts.size === maxShared) return;
      row[column] = texts.getOrInsert(value, value);
    }
  });
}

const maxShared = 1000;

/** The rows as an Arquero table. */
export function rowTable({ columns, rows }: Result): ColumnTable {
  // As entries: in an object, a column "__proto__" would be the prototype.
  const data = new Map<string, SqlValue[]>();
  columns.forEach((name, i) => data.set(name, rows.map((row) => row[i]!)));
  const table = arquero.table([...data] as [string, SqlValue[]][]);
  // Filters, groups and joins of the table have the same prototype.
  showAs(arquero.ColumnTable.prototype, showColumnTable);
  return table;
}

const shownRows = 20;

/** Shows an Arquero table; of a long one it reads the first and last rows. */
function showColumnTable(this: ColumnTable): Record<string, string> {
  const names = this.columnNames();
  const length = this.numRows();
  const unread: object = Object.fromEntries(names.map((name) => [name, ""]));
  const rows: object[] = length > 2 * shownRows
    ? [
      ...this.objects({ limit: shownRows }),
      ...Array.from({ length: length - 2 * shownRows }, () => unread),
      ...this.objects({ offset: length - shownRows }),
    ]
    : this.objects();
  const table = rowsTable(rows, names);
  if (this.isGrouped()) {
    table.caption += `, grouped by ${this.groups().names.join(", ")}`;
  }
  return { "text/html": tableHtml(table), "text/plain": tableText(table) };
}
