import type { Result, SqlParameters, SqlValue } from "../sql/mod.ts";

/** A program that reads the files of a campaign. */
export interface Engine extends Disposable {
  /** Whether a recursion may use UNION, which finds each row once. */
  readonly canRecurse: boolean;
  /** Makes a table of Parquet files, in directories run=ID. */
  addFiles(
    table: string,
    files: readonly string[],
    columns: readonly string[] | undefined,
  ): Promise<void>;
  /** Makes a small table of a query. */
  addQuery(
    table: string,
    query: string,
    values?: readonly SqlValue[],
  ): Promise<void>;
  /** All rows of a query, with the values that SQLite would give. */
  all(text: string, values: SqlParameters): Promise<Result>;
}
