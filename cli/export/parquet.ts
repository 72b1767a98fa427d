import {
  type Database,
  type Row,
  rowChunks,
  sql,
  type SqlValue,
} from "dnpc/sql";
// Loaded when something is exported as Parquet, not with every command.
import defer * as parquet from "hyparquet-writer";
import { beginFile } from "../../display/output.ts";
import { valueText } from "../formats.ts";
import { chunkRows } from "./tables.ts";

/** Writes the rows of a query as one Parquet file, row group by row group. */
export function writeParquetQuery(
  db: Database,
  query: string,
  path: string,
): void {
  const rows = db.iterate<Row>(query);
  const columns = typedColumns(db, query, rows.columns);
  using file = beginFile(path);
  const bytes = new parquet.ByteWriter();
  const flush = () => {
    file.write(bytes.getBytes());
    bytes.index = 0;
  };
  const writer = new parquet.ParquetWriter({
    writer: bytes,
    schema: parquet.schemaFromColumnData({
      columnData: columns.map(({ name, type }) => ({ name, type, data: [] })),
    }),
    createdBy: "dnpc",
  });
  for (const chunk of rowChunks(rows, chunkRows)) {
    writer.write({
      columnData: columns.map(({ name, type, convert }) => ({
        name,
        type,
        data: chunk.map((row) => row[name] == null ? null : convert(row[name])),
      })),
      rowGroupSize: chunkRows,
    });
    flush();
  }
  writer.finish();
  flush();
  file.commit();
}

/** The kinds of values that a type takes. */
const columnTypes: readonly [
  type: "INT64" | "DOUBLE" | "BYTE_ARRAY" | "STRING",
  kinds: string,
  convert: (value: SqlValue) => unknown,
][] = [
  ["INT64", "integer", (value) => BigInt(value as number | bigint)],
  ["DOUBLE", "integer real", Number],
  ["BYTE_ARRAY", "blob", (value) => value],
  ["STRING", "integer real blob text", valueText],
];

/**
 * Columns with the first type that takes all values in them, because SQLite
 * allows any value in any column; text if all are NULL.
 */
function typedColumns(db: Database, query: string, names: readonly string[]) {
  const kinds = names.map((name, i) =>
    sql`group_concat(DISTINCT typeof(${sql.id(name)})) AS ${sql.id(`${i}`)}`
  );
  // The query may end in a semicolon or a comment.
  const [seen] = db.query(
    sql`SELECT ${sql.join(kinds)}
      FROM (${sql.raw(query.replace(/;\s*$/, ""))}\n)`,
  );
  return names.map((name, i) => {
    const found = String(seen![i] ?? "text").split(",")
      .filter((kind) => kind !== "null");
    const [type, , convert] = columnTypes.find(([, kinds]) =>
      found.length > 0 && found.every((kind) =>
        kinds.includes(kind)
      )
    ) ?? columnTypes.at(-1)!;
    return { name, type, convert };
  });
}
