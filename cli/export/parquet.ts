import {
  type Database,
  type Row,
  rowChunks,
  type Sql,
  sql,
  type SqlValue,
} from "dnpc/sql";
// Loaded when something is exported as Parquet, not with every command.
import defer * as parquet from "hyparquet-writer";
import { beginFile, beginFolder } from "../../display/output.ts";
import { valueText } from "../formats.ts";
import {
  chunkRows,
  pathName,
  rowsInChunks,
  type TableColumn,
  tableColumns,
} from "./tables.ts";

/**
 * Writes a directory per table. Rows that belong to a run lie in `run=ID`, as
 * DuckDB, Spark and pandas read it.
 */
export function writeParquet(
  db: Database,
  tables: readonly string[],
  folder: string,
): void {
  using output = beginFolder(folder);
  for (const table of tables) writeTable(db, table, output.append);
  output.commit();
}

/** Writes the rows of a query as one Parquet file. */
export function writeParquetQuery(
  db: Database,
  query: string,
  path: string,
): void {
  const rows = db.iterate<Row>(query);
  // The query may end in a semicolon or a comment.
  const source = sql`(${sql.raw(query.replace(/;\s*$/, ""))}\n)`;
  const undeclared = rows.columns.map((name) => ({ name, declared: "" }));
  using file = beginFile(path);
  const content = parquetFile(file.write, typedColumns(db, source, undeclared));
  for (const chunk of rowChunks(rows, chunkRows)) content.write(chunk);
  content.finish();
  file.commit();
}

const runColumn = "dnpc run";

function writeTable(
  db: Database,
  table: string,
  append: (file: string, bytes: Uint8Array) => void,
): void {
  const columns = tableColumns(db, table);
  const typed = typedColumns(db, sql.id(table), columns);
  const run = runOfRows(table, columns.map(({ name }) => name));
  const files = new Map<SqlValue | undefined, ReturnType<typeof parquetFile>>();
  const fileOf = (run: SqlValue | undefined) =>
    files.getOrInsertComputed(run, () => {
      // Hive's name of the partition for NULL.
      const name = run === null
        ? "__HIVE_DEFAULT_PARTITION__"
        : pathName(String(run));
      const part = run === undefined ? "" : `run=${name}/`;
      const path = `${pathName(table)}/${part}part-0.parquet`;
      return parquetFile((bytes) => append(path, bytes), typed);
    });
  const more = run && sql`, ${run} AS ${sql.id(runColumn)}`;
  for (const rows of rowsInChunks(db, table, more)) {
    const parts = Map.groupBy(rows, (row) => row[runColumn]);
    parts.forEach((part, run) => fileOf(run).write(part));
  }
  // An empty table still has columns.
  if (files.size === 0) fileOf(undefined);
  files.forEach((file) => file.finish());
}

/** SQL for the run of a row; undefined if the table's rows have none. */
function runOfRows(table: string, columns: readonly string[]): Sql | undefined {
  const name = table === "span"
    ? "id"
    : ["run_id", "span_id", "superspan_id", "left_id"].find((name) =>
      columns.includes(name)
    );
  if (name === undefined) return undefined;
  const column = sql`${sql.id(table)}.${sql.id(name)}`;
  // Parsl's own tables have the run's id.
  return name === "run_id" ? column : sql`(
    SELECT ifnull(attributes ->> 'run', attributes ->> 'rundir')
    FROM span AS owner WHERE owner.id = ${column})`;
}

/** The kinds of values that a type takes, or declared types if there are none. */
const columnTypes: readonly [
  type: "INT64" | "DOUBLE" | "BYTE_ARRAY" | "STRING",
  kinds: string,
  declared: RegExp,
  convert: (value: SqlValue) => unknown,
][] = [
  ["INT64", "integer", /INT/i, (value) => BigInt(value as number | bigint)],
  ["DOUBLE", "integer real", /REAL|FLOA|DOUB/i, Number],
  ["BYTE_ARRAY", "blob", /(?!)/, (value) => value],
  ["STRING", "integer real blob text", /(?:)/, valueText],
];

/**
 * Columns with the first type that takes all values in them, because SQLite
 * allows any value in any column.
 *
 * @param source a quoted table name, or a query in parentheses
 */
function typedColumns(db: Database, source: Sql, columns: TableColumn[]) {
  const kinds = columns.map(({ name }, i) =>
    sql`group_concat(DISTINCT typeof(${sql.id(name)})) AS ${sql.id(`${i}`)}`
  );
  const [seen] = db.query(sql`SELECT ${sql.join(kinds)} FROM ${source}`);
  return columns.map(({ name, declared }, i) => {
    const found = String(seen![i] ?? "").split(",")
      .filter((kind) => kind !== "null" && kind !== "");
    const [type, , , convert] = columnTypes.find(([, kinds, pattern]) =>
      found.length === 0
        ? pattern.test(declared)
        : found.every((kind) => kinds.includes(kind))
    )!;
    return { name, type, convert };
  });
}

/** A file that is written row group by row group. */
function parquetFile(
  append: (bytes: Uint8Array) => void,
  columns: ReturnType<typeof typedColumns>,
) {
  const bytes = new parquet.ByteWriter();
  const flush = () => {
    append(bytes.getBytes());
    bytes.index = 0;
  };
  const writer = new parquet.ParquetWriter({
    writer: bytes,
    schema: parquet.schemaFromColumnData({
      columnData: columns.map(({ name, type }) => ({ name, type, data: [] })),
    }),
    createdBy: "dnpc",
  });
  return {
    write(rows: readonly Row[]): void {
      writer.write({
        columnData: columns.map(({ name, type, convert }) => ({
          name,
          type,
          data: rows.map((row) =>
            row[name] == null ? null : convert(row[name])
          ),
        })),
        rowGroupSize: chunkRows,
      });
      flush();
    },
    finish() {
      writer.finish();
      flush();
    },
  };
}
