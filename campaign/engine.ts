import type { Result, SqlParameters, SqlValue } from "../sql/mod.ts";
import type { FileColumn } from "./parquet_file.ts";

/** A program that reads the files of a campaign. */
export interface Engine extends Disposable {
  /**
   * Makes a table of Parquet files, in directories run=ID, with a column run.
   *
   * @param columns undefined if files may differ in them
   */
  addFiles(
    table: string,
    files: readonly string[],
    columns: readonly FileColumn[] | undefined,
  ): Promise<void>;
  /** Makes a small table. */
  addRows(
    table: string,
    columns: readonly FileColumn[],
    rows: readonly (readonly SqlValue[])[],
  ): Promise<void>;
  /** Makes another name of a table. */
  addName(name: string, table: string): Promise<void>;
  /** All rows of a query, with the values that SQLite would give. */
  all(text: string, values: SqlParameters): Promise<Result>;
}

/** The types of columns in SQL. */
export const sqlTypes: Readonly<Record<string, string>> = {
  id: "BIGINT",
  reference: "BIGINT",
  integer: "BIGINT",
  flag: "INTEGER",
  real: "DOUBLE",
  text: "STRING",
};
