import {
  type Database,
  type Row,
  type Sql,
  sql,
  type SqlValue,
} from "dnpc/sql";
// Loaded when something is exported as Parquet, not with every command.
import defer * as parquet from "hyparquet-writer";
import { valueText } from "../formats.ts";
import { queryRows } from "../rows.ts";
import { makeFolder, pathName, rowsInChunks, tableColumns } from "./tables.ts";

/**
 * Writes a directory per table. Rows that belong to a run lie in `run=ID`, as
 * DuckDB, Spark and pandas read it.
 */
export function writeParquet(
  db: Database,
  tables: readonly string[],
  folder: string,
): void {
  makeFolder(folder);
  db.run(`CREATE TEMP TABLE run_of_span AS
    SELECT id, ifnull(attributes ->> 'run', attributes ->> 'rundir') AS run
    FROM span`);
  db.run("CREATE UNIQUE INDEX run_of_span_id ON run_of_span (id)");
  for (const table of tables) {
    writeTable(db, table, `${folder}/${pathName(table)}`);
  }
  db.run("DROP TABLE run_of_span");
}

/** Writes the rows of a query as one Parquet file. */
export function writeParquetQuery(
  db: Database,
  query: string,
  path: string,
): void {
  const { columns, rows } = queryRows(db, query);
  // The query may end in a semicolon or a comment.
  const source = sql`(${sql.raw(query.replace(/;\s*$/, ""))}\n)`;
  const types = columnTypes(db, source, columns.map((name) => ({ name })));
  const file = parquetFile(path, types);
  file.write(rows);
  file.finish();
}

const runColumn = "dnpc run";

function writeTable(db: Database, table: string, folder: string): void {
  const columns = tableColumns(db, table);
  const types = columnTypes(db, sql.id(table), columns);
  const source = runOfRows(table, columns.map(({ name }) => name));
  const files = partitions((run) => {
    const part = run === undefined ? folder : `${folder}/run=${runName(run)}`;
    Deno.mkdirSync(part, { recursive: true });
    return parquetFile(`${part}/part-0.parquet`, types);
  });
  const more = source && sql`, ${source.run} AS ${sql.id(runColumn)}`;
  let isEmpty = true;
  for (const rows of rowsInChunks(db, table, more, source?.joined)) {
    isEmpty = false;
    for (const row of rows) {
      files.add(source ? row[runColumn] as string | null : undefined, row);
    }
  }
  // An empty table still has columns.
  if (isEmpty) files.open(undefined);
  files.finish();
}

/** SQL for the run of a row; undefined if the table's rows have none. */
function runOfRows(
  table: string,
  columns: readonly string[],
): { run: Sql; joined?: Sql } | undefined {
  const own = (column: string) => sql`${sql.id(table)}.${sql.id(column)}`;
  // Parsl's own tables have the run's id.
  if (columns.includes("run_id")) return { run: own("run_id") };
  const span = table === "span"
    ? "id"
    : ["span_id", "superspan_id", "left_id"].find((name) =>
      columns.includes(name)
    );
  return span === undefined ? undefined : {
    run: sql`run_of_span.run`,
    joined: sql`LEFT JOIN temp.run_of_span AS run_of_span
      ON run_of_span.id = ${own(span)}`,
  };
}

/** Hive's name of a partition, which has one for NULL too. */
const runName = (run: string | null): string =>
  run === null ? "__HIVE_DEFAULT_PARTITION__" : pathName(run);

/** Distributes rows over files, one per run; undefined is no run at all. */
function partitions(
  openFile: (run: string | null | undefined) => ParquetFile,
) {
  // Large row groups have less overhead; all rows that wait are in memory.
  const maxGroup = 100_000;
  const maxTotal = 300_000;
  interface Part {
    file: ParquetFile;
    rows: Row[];
  }
  const parts = new Map<string | null | undefined, Part>();
  let waiting = 0;
  const flush = (part: Part) => {
    if (part.rows.length) part.file.write(part.rows);
    waiting -= part.rows.length;
    part.rows = [];
  };
  const open = (run: string | null | undefined): Part => {
    let part = parts.get(run);
    if (!part) parts.set(run, part = { file: openFile(run), rows: [] });
    return part;
  };
  return {
    open,
    add(run: string | null | undefined, row: Row): void {
      const part = open(run);
      part.rows.push(row);
      waiting++;
      if (part.rows.length >= maxGroup) flush(part);
      else if (waiting >= maxTotal) parts.forEach(flush);
    },
    finish(): void {
      for (const part of parts.values()) {
        flush(part);
        part.file.finish();
      }
    },
  };
}

interface ColumnType {
  name: string;
  type: "INT64" | "DOUBLE" | "STRING" | "BYTE_ARRAY";
}

/**
 * Column types by the values in them, because SQLite allows any value in any
 * column; by the declared type if there are no values.
 *
 * @param source a quoted table name, or a query in parentheses
 */
function columnTypes(
  db: Database,
  source: Sql,
  columns: readonly { name: string; declared?: string }[],
): ColumnType[] {
  const kinds = ["integer", "real", "text", "blob"];
  const looks = columns.flatMap(({ name }, i) =>
    kinds.map((kind) =>
      sql`max(typeof(${sql.id(name)}) = ${kind}) AS ${sql.id(`${kind}${i}`)}`
    )
  );
  const [seen] = db.query(sql`SELECT ${sql.join(looks)} FROM ${source}`);
  return columns.map(({ name, declared = "" }, i) => {
    const found = kinds.filter((kind) => seen?.[`${kind}${i}`] === 1);
    return { name, type: parquetType(found, declared) };
  });
}

function parquetType(
  kinds: readonly string[],
  declared: string,
): ColumnType["type"] {
  if (kinds.length === 0) {
    return /INT/i.test(declared)
      ? "INT64"
      : /REAL|FLOA|DOUB/i.test(declared)
      ? "DOUBLE"
      : "STRING";
  }
  const areAll = (...wanted: string[]) =>
    kinds.every((kind) => wanted.includes(kind));
  if (areAll("integer")) return "INT64";
  if (areAll("integer", "real")) return "DOUBLE";
  return areAll("blob") ? "BYTE_ARRAY" : "STRING";
}

function valueFor(type: ColumnType["type"], value: SqlValue): unknown {
  if (value === null) return null;
  switch (type) {
    case "INT64":
      return BigInt(value as number | bigint);
    case "DOUBLE":
      return Number(value);
    case "STRING":
      return valueText(value);
    case "BYTE_ARRAY":
      return value;
  }
}

/** A file that is written row group by row group. */
interface ParquetFile {
  write(rows: readonly Row[]): void;
  finish(): void;
}

function parquetFile(
  path: string,
  columns: readonly ColumnType[],
): ParquetFile {
  const writer = new parquet.ParquetWriter({
    writer: parquet.fileWriter(path),
    schema: parquet.schemaFromColumnData({
      columnData: columns.map(({ name, type }) => ({ name, type, data: [] })),
    }),
    createdBy: "dnpc",
  });
  return {
    write(rows) {
      writer.write({
        columnData: columns.map(({ name, type }) => ({
          name,
          type,
          data: rows.map((row) => valueFor(type, row[name] ?? null)),
        })),
        rowGroupSize: 100_000,
      });
    },
    finish() {
      writer.finish();
    },
  };
}
