import type { Database } from "dnpc/sql";
import { csvHeader, csvRecord } from "../output/csv.ts";
import { fileOutput } from "../output/sink.ts";
import { makeFolder } from "./folder.ts";
import { columnsOf, pathName, rowsInParts } from "./tables.ts";

/** Writes a file of comma-separated values for each table. */
export function writeCsv(
  db: Database,
  tables: readonly string[],
  folder: string,
): void {
  makeFolder(folder);
  for (const table of tables) {
    const columns = columnsOf(db, table).map(({ name }) => name);
    using out = fileOutput(`${folder}/${pathName(table)}.csv`);
    out.write(csvHeader(columns));
    for (const rows of rowsInParts(db, table)) {
      for (const row of rows) {
        out.write(csvRecord(columns.map((name) => row[name]!)));
      }
    }
  }
}
