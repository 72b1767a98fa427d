import { type Sql, sql } from "../../../sql/mod.ts";
import { columns, defaults, type Kind } from "./tables.ts";

/** The copied rows of one source. */
export interface CopiedRows {
  sourceId: number;
  /** JSON: attributes of every created span. */
  common: string;
  /** The condition for its rows `t` of a copied table. */
  isOwn(table: string): Sql;
}

/** A table that was copied. */
export interface CopiedTable {
  name: string;
  /** Difference between a copied rowid and that in the source. */
  offset: number;
}

export const rowsOf = (table: string) => sql.id(`monitoring_${table}`);

/** A column of a copied row. */
export const field = (column: string) => sql`t.${sql.id(column)}`;

export const text = (value: Sql) => sql`CAST(${value} AS TEXT)`;

// Some sources say "block-0", some "0".
export const block = sql`iif(t.block_id LIKE 'block-%',
  substr(t.block_id, 7), t.block_id)`;

/** A value that identifies the span of a row. */
export function identity(column: string): Sql {
  if (column === "block_id") return block;
  const other = defaults[column];
  const value = field(column);
  return other === undefined ? value : sql`ifnull(${value}, ${other})`;
}

/** The condition for a row that identifies a span. */
export const identifies = (kind: Kind): Sql =>
  // Bytes sort after all numbers and texts, and NULL is no less than anything;
  // comparing takes a third of the time of typeof().
  sql.join(
    columns[kind].map((name) =>
      name in defaults
        ? sql`ifnull(${field(name)}, 0) < x''`
        : sql`${field(name)} < x''`
    ),
    " AND ",
  );

/**
 * The spans of a kind that rows mention, by their identifying columns: finding
 * one takes half the time of computing and finding its key. `row` describes it.
 */
export const spansOf = (kind: Kind) => sql.raw(`temp.dnpc_span_of_${kind}`);

/** The names of the columns that identify spans of a kind. */
export const keyColumns = (kind: Kind) => sql.join(columns[kind].map(sql.id));

/** Joins rows with the spans of a kind. */
export const withSpans = (kind: Kind): Sql =>
  // CROSS keeps the order of the rows.
  sql`CROSS JOIN ${spansOf(kind)} AS s ON ${
    sql.join(
      columns[kind].map((name) => sql`s.${sql.id(name)} = ${identity(name)}`),
      " AND ",
    )
  }`;
