import {
  type Database,
  spanSql as sql,
  type Sql,
  type SqlValue,
} from "../sql/mod.ts";
import type { ExportedDatabase } from "./exported_database.ts";
import type { ExportedRun, RunIds } from "./ids.ts";
import {
  type Manifest,
  type ManifestSource,
  manifestType,
  type TypeNames,
} from "./manifest.ts";
import { ParquetFile, type Readers } from "./parquet_file.ts";
import { RunSteps } from "./run_steps.ts";
import {
  attributeColumns,
  type IdKind,
  otherRows,
  rowsByIds,
  rowsOfSpans,
  type RunColumn,
  tableColumns,
} from "./run_tables.ts";

/** Rows that are read together. */
const rowsAtOnce = 10_000;
/** Spans whose rows are read together. */
const spansAtOnce = 2_000;

/** Writes the files of one run. */
export class RunWriter {
  readonly #source: ExportedDatabase;
  readonly #db: Database;
  readonly #run: ExportedRun;
  readonly #ids: RunIds;
  readonly #append: (file: string, bytes: Uint8Array) => void;
  readonly #tables: Manifest["tables"] = {};
  readonly #types = new Map<string, TypeNames>();
  readonly #sourceIds = new Set<number>();

  constructor(
    source: ExportedDatabase,
    run: ExportedRun,
    ids: RunIds,
    append: (file: string, bytes: Uint8Array) => void,
  ) {
    this.#source = source;
    this.#db = source.db;
    this.#run = run;
    this.#ids = ids;
    this.#append = append;
  }

  write(): Pick<Manifest, "sources" | "types" | "tables"> {
    const { run } = this.#run;
    this.#writeSpans();
    this.#writeRowsOfSpans("subspan");
    this.#writeRowsOfSpans("facet");
    this.#writeEventsAndSteps();
    this.#writeMetrics();
    for (const { name, columns, rows } of this.#source.monitoring) {
      this.#writeQuery(name, columns, rows(run));
    }
    const sources = this.#sources();
    for (const [table, rows] of Object.entries(otherRows)) {
      const columns = tableColumns[table as keyof typeof otherRows];
      this.#writeQuery(table, columns, rows(run, sources));
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

  #writeSpans(): void {
    const { groups, names, texts } = this.#source.spans;
    for (const { run, type, attributes, start, end } of groups) {
      if (run !== this.#run.run) continue;
      const known = this.#namesOf(type);
      known.spans += end - start;
      for (const name of attributes) known.attributes.add(name);
    }
    const text = (number: number) => texts.text(number);
    const readers = Object.fromEntries(
      [...attributeColumns, "app"].map((name) => [name, text]),
    );
    const appOf = this.#appsOfSpans();
    this.#writeRowsOfSpans("span", readers, (rows) => {
      for (const row of rows) {
        const id = row[0] as number;
        const numbers = attributeColumns.map((name) => names[name][id]!);
        for (const number of [...numbers, appOf(id)]) {
          row.push(number === -1 ? null : number);
        }
      }
    });
  }

  /** What people call the app of a span: see joinNames(). */
  #appsOfSpans(): (id: number) => number {
    const { spans: { groups, ids, names, texts }, taskTypes } = this.#source;
    const apps = new Map<number, number>();
    for (const { run, type, start, end } of groups) {
      if (run !== this.#run.run || !taskTypes.has(type)) continue;
      for (const id of ids.subarray(start, end)) {
        const [task, app] = [names.task[id]!, names.app[id]!];
        const known = apps.get(task);
        if (app === -1) continue;
        const isLast = known === undefined ||
          texts.text(known) < texts.text(app);
        if (isLast) apps.set(task, app);
      }
    }
    apps.delete(-1);
    return (id) => {
      const own = names.app[id]!;
      return own === -1
        ? apps.get(names.task[id]!) ?? names.category[id]!
        : own;
    };
  }

  /** Reads events only once: steps of tasks and tries consist of them. */
  #writeEventsAndSteps(): void {
    const { spans, nesting, eventTypes, rootTypes } = this.#source;
    const [lowest, last] = this.#ids.boundsOf(this.#run, "event");
    const steps = new RunSteps(spans, nesting, last - lowest + 1);
    const type = (id: number) => eventTypes.get(id)!.type;
    const named = (id: number) => eventTypes.get(id)!.named;
    this.#writeRowsByIds("event", { type, named }, (rows) => {
      steps.addEvents(rows);
      this.#noteNames(rows, ({ events, templates }, id) => {
        if (named(id) === 1) events.add(type(id));
        else if (templates.size < maxTemplates) templates.add(type(id));
      });
    });
    const roots = spans.groups.filter(({ run, type }) =>
      run === this.#run.run && rootTypes.has(type)
    );
    const readers = { ...steps.readers, event_type: type, named };
    this.#writeTable("step", tableColumns.step, readers, (file) => {
      const others = steps.findSpans(roots, spans.rangeOf(this.#run.run));
      steps.addEvents(
        this.#db.arrays(rowsOfSpans("event", Int32Array.from(others))),
      );
      steps.write(file);
    });
  }

  #writeMetrics(): void {
    const { metricNames } = this.#source;
    const metric = (id: number) => metricNames.get(id)!.metric;
    const name = (id: number) => metricNames.get(id)!.name;
    this.#writeRowsByIds("metric", { metric, name }, (rows) => {
      this.#noteNames(rows, ({ metrics }, id) => {
        metrics.add(`${metric(id)}/${name(id)}`);
      });
    });
  }

  /** Visits the types and names of rows that have a span and the id of a name. */
  #noteNames(
    rows: readonly (readonly unknown[])[],
    note: (names: TypeNames, id: number) => void,
  ): void {
    const known = new Map<string, Set<number>>();
    for (const [, span, , id] of rows as number[][]) {
      const { type } = this.#source.spans.groupOf(span!);
      const ids = known.getOrInsertComputed(type, () => new Set());
      if (ids.has(id!)) continue;
      ids.add(id!);
      note(this.#namesOf(type), id!);
    }
  }

  #writeRowsOfSpans(
    table: "span" | "subspan" | "facet",
    readers: Readers = {},
    visit: (rows: unknown[][]) => void = () => {},
  ): void {
    const { spans } = this.#source;
    const { start, end } = spans.rangeOf(this.#run.run);
    this.#writeTable(table, tableColumns[table], readers, (file) => {
      for (let place = start; place < end; place += spansAtOnce) {
        const last = Math.min(end, place + spansAtOnce);
        const some = spans.ids.subarray(place, last);
        for (const rows of this.#pages(rowsOfSpans(table, some))) {
          visit(rows);
          file.addRows(rows);
        }
      }
    });
  }

  #writeRowsByIds(
    table: "event" | "metric",
    readers: Readers,
    visit: (rows: readonly (readonly unknown[])[]) => void,
  ): void {
    const { spans } = this.#source;
    const range = spans.rangeOf(this.#run.run);
    const [lowest, last] = this.#ids.boundsOf(this.#run, table);
    this.#writeTable(table, tableColumns[table], readers, (file) => {
      for (let after = lowest - 1; after < last;) {
        const page = this.#db.arrays(
          sql`${rowsByIds(table, after, last)} LIMIT ${rowsAtOnce}`,
        );
        after = page.length < rowsAtOnce ? last : page.at(-1)![0] as number;
        const rows = page.filter(([, span]) =>
          spans.isIn(range, span as number)
        );
        visit(rows);
        file.addRows(rows);
      }
    });
  }

  #writeQuery(table: string, columns: readonly RunColumn[], rows: Sql): void {
    this.#writeTable(table, columns, {}, (file) => {
      for (const page of this.#pages(rows)) file.addRows(page);
    });
  }

  *#pages(rows: Sql): Generator<SqlValue[][]> {
    for (let offset = 0, read = rowsAtOnce; read === rowsAtOnce;) {
      const page = this.#db.arrays(
        sql`${rows} LIMIT ${rowsAtOnce} OFFSET ${offset}`,
      );
      yield page;
      read = page.length;
      offset += read;
    }
  }

  #writeTable(
    table: string,
    columns: readonly RunColumn[],
    readers: Readers,
    fill: (file: ParquetFile) => void,
  ): void {
    const ids = Object.fromEntries(
      columns.flatMap(({ name, of }) =>
        of === undefined ? [] : [[name, this.#idReader(name, of)]]
      ),
    );
    const file = new ParquetFile(
      columns,
      { ...readers, ...ids },
      (bytes) => this.#append(`${table}.parquet`, bytes),
    );
    fill(file);
    file.finish();
    this.#tables[table] = { rows: file.rows, bytes: file.bytes };
  }

  #idReader(name: string, of: IdKind): (id: number) => number {
    const unique = this.#ids.of(this.#run, of);
    if (name !== "source_id") return unique;
    return (id) => {
      this.#sourceIds.add(id);
      return unique(id);
    };
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
  #sources(): Sql {
    const seen = JSON.stringify([...this.#sourceIds]);
    return sql`SELECT value FROM json_each(${seen})
      UNION SELECT id FROM source WHERE rundir = ${this.#run.run} OR rundir IN (
        SELECT rundir FROM run WHERE coalesce(run_id, rundir) = ${this.#run.run})`;
  }
}

const maxTemplates = 1000;
