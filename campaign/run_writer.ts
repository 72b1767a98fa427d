import { stepColumns } from "../questions/mod.ts";
import { type Database, spanSql as sql, type Sql } from "../sql/mod.ts";
import type { ExportedRun, RunIds } from "./ids.ts";
import type { Manifest, ManifestSource, ManifestType } from "./manifest.ts";
import { ParquetFile, rowGroupSize, type Values } from "./parquet_file.ts";
import {
  monitoringTables,
  otherRows,
  ownerColumns,
  rowsOfSpans,
  type RunColumn,
  type SpanPlace,
  spansByRun,
  tableColumns,
} from "./run_tables.ts";

/** Spans whose rows are read together. */
const chunkSpans = 20_000;
/** Root spans whose steps are read together. */
const chunkRoots = 5_000;

/** Writes the files of one run. */
export class RunWriter {
  readonly #db: Database;
  readonly #run: ExportedRun;
  readonly #ids: RunIds;
  readonly #append: (file: string, bytes: Uint8Array) => void;
  readonly #tables: Manifest["tables"] = {};
  readonly #types = new Map<string, TypeNames>();
  readonly #sources = new Set<number>();

  constructor(
    db: Database,
    run: ExportedRun,
    ids: RunIds,
    append: (file: string, bytes: Uint8Array) => void,
  ) {
    this.#db = db;
    this.#run = run;
    this.#ids = ids;
    this.#append = append;
  }

  write(): Pick<Manifest, "sources" | "types" | "tables"> {
    this.#writeRowsOfSpans();
    this.#writeSteps();
    for (const { name, columns, rows } of monitoringTables(this.#db)) {
      this.#writeQuery(name, columns, rows(this.#run.run));
    }
    const sources = this.#sourceIds();
    for (const [table, rows] of Object.entries(otherRows)) {
      const columns = tableColumns[table as keyof typeof otherRows];
      this.#writeQuery(table, columns, rows(this.#run.run, sources));
    }
    return {
      sources: this.#db.query<ManifestSource>(
        sql`SELECT path, importer, fingerprint, bytes FROM source
          WHERE id IN (${sources}) ORDER BY id`,
      ).map((row) => ({ ...row })),
      types: Object.fromEntries(
        [...this.#types].map(([type, names]) => [type, manifestType(names)]),
      ),
      tables: this.#tables,
    };
  }

  #writeRowsOfSpans(): void {
    const tables = Object.keys(ownerColumns) as (keyof typeof ownerColumns)[];
    const files = tables.map((table) =>
      [table, this.#file(table, tableColumns[table])] as const
    );
    for (const spans of this.#spanChunks()) {
      for (const [table, file] of files) {
        for (let offset = 0, rows = rowGroupSize; rows === rowGroupSize;) {
          const query = rowsOfSpans(
            table,
            this.#run.run,
            spans[0]!,
            spans.at(-1)!,
            {
              limit: rowGroupSize,
              offset,
            },
          );
          const values = this.#read(query, tableColumns[table]);
          rows = values[0]!.length;
          offset += rows;
          if (table === "span") this.#noteSpans(values);
          if (table === "event" || table === "metric") {
            this.#noteNames(table, values, spans);
          }
          file.write(values);
        }
      }
    }
    for (const [, file] of files) file.finish();
  }

  /** The spans of the run in the order of its files, some at a time. */
  *#spanChunks(): Generator<SpanPlace[]> {
    let last: SpanPlace = { type: "", app: "", id: -1 };
    while (true) {
      const spans = this.#db.query<SpanPlace>(sql`
        SELECT type, app, id FROM (${spansByRun}) AS own
        WHERE run = ${this.#run.run} AND (type, app, id) >
          (${last.type}, ${last.app}, ${last.id})
        ORDER BY type, app, id LIMIT ${chunkSpans}`);
      if (spans.length > 0) yield spans;
      if (spans.length < chunkSpans) return;
      last = spans.at(-1)!;
    }
  }

  /** The steps of tasks and tries; those of other spans take more space. */
  #writeSteps(): void {
    const types = this.#db.query<{ type: string }>(sql`
      SELECT DISTINCT type FROM (${spansByRun}) AS own JOIN span_kind USING (type)
      WHERE run = ${this.#run.run} AND role IN ('task', 'try') ORDER BY type`);
    const file = this.#file("step", tableColumns.step);
    for (const { type } of types) {
      const read = stepColumns(this.#db, type);
      const roots = this.#db.query<{ id: number }>(sql`
        SELECT id FROM (${spansByRun}) AS own
        WHERE run = ${this.#run.run} AND type = ${type} ORDER BY app, id`)
        .map(({ id }) => id);
      for (let i = 0; i < roots.length; i += chunkRoots) {
        const steps = read(roots.slice(i, i + chunkRoots));
        const root_type = steps.root_id.map(() => type);
        const values = { root_type, ...steps };
        file.write(
          tableColumns.step.map((column) =>
            this.#unique(column, values[column.name as keyof typeof values])
          ),
        );
      }
    }
    file.finish();
  }

  #writeQuery(table: string, columns: readonly RunColumn[], rows: Sql): void {
    const file = this.#file(table, columns);
    for (let offset = 0, read = rowGroupSize; read === rowGroupSize;) {
      const values = this.#read(
        sql`${rows} LIMIT ${rowGroupSize} OFFSET ${offset}`,
        columns,
      );
      read = values[0]!.length;
      offset += read;
      file.write(values);
    }
    file.finish();
  }

  #file(table: string, columns: readonly RunColumn[]) {
    const file = new ParquetFile(
      columns,
      (bytes) => this.#append(`${table}.parquet`, bytes),
    );
    return {
      write: (values: readonly Values[]) => file.write(values),
      finish: () => {
        file.finish();
        this.#tables[table] = { rows: file.rows, bytes: file.bytes };
      },
    };
  }

  /** Reads the columns of a query, with the ids of the campaign. */
  #read(query: Sql, columns: readonly RunColumn[]): Values[] {
    const table = this.#db.table(query);
    return columns.map((column) =>
      this.#unique(column, table.array(column.name) as unknown[])
    );
  }

  #unique({ name, of }: RunColumn, values: Values): Values {
    if (of === undefined) return values;
    if (name === "source_id") {
      for (const id of values) this.#sources.add(id as number);
    }
    const unique = this.#ids.of(this.#run, of);
    return values.map((id) => id === null ? null : unique(id as number));
  }

  #noteSpans(values: readonly Values[]): void {
    const [, types, , attributes] = values as string[][];
    // Most spans of a type have the same attributes.
    let known = "";
    types!.forEach((type, i) => {
      const names = this.#namesOf(type);
      names.spans++;
      const shape = attributes![i]!.replace(/"(?:[^"\\]|\\.)*"(?!:)|\d/g, "");
      if (shape === known) return;
      known = shape;
      for (const name of Object.keys(JSON.parse(attributes![i]!))) {
        names.attributes.add(name);
      }
    });
  }

  #noteNames(
    table: "event" | "metric",
    values: readonly Values[],
    spans: readonly SpanPlace[],
  ): void {
    const unique = this.#ids.of(this.#run, "span");
    const types = new Map(spans.map(({ id, type }) => [unique(id), type]));
    const [, ids, , first, second] = values as [
      unknown,
      number[],
      unknown,
      string[],
      (string | number)[],
    ];
    ids.forEach((id, i) => {
      const { events, templates, metrics } = this.#namesOf(types.get(id)!);
      if (table === "metric") metrics.add(`${first[i]}/${second[i]}`);
      else if (second[i] === 1) events.add(first[i]!);
      else if (templates.size < maxTemplates) templates.add(first[i]!);
    });
  }

  #namesOf(type: string): TypeNames {
    return this.#types.getOrInsertComputed(type, () => ({
      spans: 0,
      attributes: new Set<string>(),
      events: new Set<string>(),
      templates: new Set<string>(),
      metrics: new Set<string>(),
    }));
  }

  /** The sources of the run's directory, and those that its rows are from. */
  #sourceIds(): Sql {
    const seen = JSON.stringify([...this.#sources].filter((id) => id !== null));
    return sql`SELECT value FROM json_each(${seen})
      UNION SELECT id FROM source WHERE rundir = ${this.#run.run} OR rundir IN (
        SELECT rundir FROM run WHERE coalesce(run_id, rundir) = ${this.#run.run})`;
  }
}

interface TypeNames {
  spans: number;
  attributes: Set<string>;
  events: Set<string>;
  templates: Set<string>;
  metrics: Set<string>;
}

const maxTemplates = 1000;

const manifestType = ({ spans, ...names }: TypeNames): ManifestType => ({
  spans,
  attributes: [...names.attributes].sort(),
  events: [...names.events].sort(),
  templates: [...names.templates].sort(),
  metrics: [...names.metrics].sort(),
});
