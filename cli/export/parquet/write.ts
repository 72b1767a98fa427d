import { type Database, type Row, type Sql, sql } from "dnpc/sql";
import { rowsOf } from "../../output/rows.ts";
import { makeFolder } from "../folder.ts";
import { columnsOf, pathName, rowsInParts } from "../tables.ts";
import { parquetFile } from "./file.ts";
import { partitions } from "./partitions.ts";
import { typesOf } from "./types.ts";

/**
 * Writes tables as Parquet, a directory each. What is told of one run lies in a
 * directory of that run, `run=ID`, as DuckDB, Spark and pandas read it.
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
  const { columns, rows } = rowsOf(db, query);
  // A comment may end the query, or a semicolon.
  const source = sql`(${sql.raw(query.replace(/;\s*$/, ""))}\n)`;
  const types = typesOf(db, source, columns.map((name) => ({ name })));
  const file = parquetFile(path, types);
  file.write(rows as Row[]);
  file.finish();
}

const runColumn = "dnpc run";

function writeTable(db: Database, table: string, folder: string): void {
  const columns = columnsOf(db, table);
  const types = typesOf(db, sql.id(table), columns);
  const told = runOfRows(table, columns.map(({ name }) => name));
  const files = partitions((run) => {
    const part = run === undefined ? folder : `${folder}/run=${runName(run)}`;
    Deno.mkdirSync(part, { recursive: true });
    return parquetFile(`${part}/part-0.parquet`, types);
  });
  const more = told && sql`, ${told.run} AS ${sql.id(runColumn)}`;
  let isEmpty = true;
  for (const rows of rowsInParts(db, table, more, told?.joined)) {
    isEmpty = false;
    for (const row of rows) {
      files.add(told ? row[runColumn] as string | null : undefined, row);
    }
  }
  // A table without rows has columns all the same.
  if (isEmpty) files.open(undefined);
  files.finish();
}

/** How the run of each row is found, if the rows are of runs. */
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

// As Hive names the partition of what has no value.
const runName = (run: string | null): string =>
  run === null ? "__HIVE_DEFAULT_PARTITION__" : pathName(run);
