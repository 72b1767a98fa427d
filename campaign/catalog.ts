import { counted } from "../display/text/format.ts";
import { listed, quoted } from "../display/text/mistakes.ts";
import { visible } from "../display/text/untrusted.ts";
import { findRun } from "../questions/mod.ts";
import {
  createSchema,
  type Database,
  insertRows,
  openDatabase,
  type Row,
  sql,
  type SqlValue,
} from "../sql/mod.ts";
import type { ManifestType, Partition } from "./manifest.ts";
import { tableColumns } from "./run_tables.ts";

/** Rows of the tables that say what formats and rules know. */
export type Facts = Record<
  "run" | "rule" | "span_kind" | "event_kind" | "log_kind",
  readonly Row[]
>;

/**
 * A small database with the runs of a campaign, and with one span for each type
 * that has all attributes and one event of each type. So the names in a question
 * are checked, and runs get their labels, by the same SQL as in any database.
 */
export async function openCatalog(
  partitions: readonly Partition[],
  facts: Facts,
): Promise<Database> {
  const db = await openDatabase(undefined, { engine: "native" });
  createSchema(db);
  db.transaction(() => {
    insertFacts(db, facts);
    insertRuns(db, partitions, facts);
    insertTypes(db, partitions);
  });
  return db;
}

function insertFacts(db: Database, facts: Facts): void {
  for (const table of ["span_kind", "event_kind", "log_kind"] as const) {
    const names = tableColumns[table].map(({ name }) => name);
    insertRows(
      db,
      table,
      names,
      facts[table].map((row) => names.map((name) => row[name] ?? null)),
    );
  }
  const texts = new Set(facts.rule.map(({ text }) => text!));
  insertRows(db, "rule", ["text"], [...texts].map((text) => [text]));
}

/** A row for each run, and a span for each partition, with its name as key. */
function insertRuns(
  db: Database,
  partitions: readonly Partition[],
  { run: runs, span_kind }: Facts,
): void {
  const kind = span_kind.find(({ role }) => role === "run");
  const type = kind?.type ?? "run";
  if (!kind) {
    const columns = ["type", "format", "role"];
    insertRows(db, "span_kind", columns, [[type, "campaign", "run"]]);
  }
  const names = tableColumns.run.map(({ name }) => name);
  const rowOf = new Map(runs.map((row) => [`run=${row.run}`, row]));
  const directories = new Set<unknown>();
  const rows: SqlValue[][] = [];
  const spans: SqlValue[][] = [];
  for (const { name, manifest: { run: of } } of partitions) {
    const row = rowOf.get(name);
    const isId = name === `run=${of}`;
    const run = row ? row.run_id! : isId ? of : null;
    let rundir = row ? row.rundir! : isId ? null : of || null;
    // Runs of two machines, or of two times.
    if (directories.has(rundir)) rundir += `#${run ?? name}`;
    if (rundir !== null) directories.add(rundir);
    const directory = row?.directory ?? null;
    if (run !== null || rundir !== null) {
      spans.push([type, name, JSON.stringify({ run, rundir, directory })]);
    }
    if (row) {
      rows.push(
        names.map((name) => name === "rundir" ? rundir : row[name] ?? null),
      );
    }
  }
  insertRows(db, "run", names, rows);
  insertRows(db, "span", ["type", "key", "attributes"], spans);
}

/** The labels of the runs, in the order of their beginning. */
export const labelsOf = (catalog: Database): string[] =>
  catalog.query<{ label: string }>(
    "SELECT label FROM run JOIN run_label USING (id) ORDER BY began, label",
  ).map(({ label }) => label);

/** A run of a campaign, and its label in it, if Parsl or a log describes it. */
export interface LabelledRun {
  partition: Partition;
  label: string | undefined;
}

/** Runs with their labels. */
export function labelled(
  catalog: Database,
  partitions: readonly Partition[],
): LabelledRun[] {
  const labels = catalog.query<{ id: number; label: string }>(
    "SELECT id, label FROM run_label",
  );
  return partitions.map((partition) => {
    const { first, count } = partition.manifest.ids;
    const found = labels.find(({ id }) => id >= first && id < first + count);
    return { partition, label: found?.label };
  });
}

/**
 * The partition of a run, by its label, id, directory, or a unique part of these;
 * without one, that of the only run.
 *
 * @throws {RangeError} with a list of the runs, if none or several match
 */
export function partitionNamed(
  catalog: Database,
  partitions: readonly Partition[],
  given: string | undefined,
): Partition {
  if (given === undefined) return onlyRun(catalog, partitions);
  const { run, rundir } = findRun(catalog, given);
  const [{ key }] = catalog.query<{ key: string }>(
    sql`SELECT key FROM span JOIN span_kind USING (type)
    WHERE role = 'run' AND attributes ->> 'run' IS ${run}
      AND attributes ->> 'rundir' IS ${rundir}`,
  ) as [{ key: string }];
  return partitions.find(({ name }) => name === key)!;
}

function onlyRun(
  catalog: Database,
  partitions: readonly Partition[],
): Partition {
  const named = partitions.filter(({ manifest }) => manifest.run !== "");
  const [only, ...others] = named.length > 0 ? named : partitions;
  if (others.length === 0) return only!;
  const names = [
    ...labelsOf(catalog),
    ...labelled(catalog, named).flatMap(({ label, partition }) =>
      label === undefined ? [partition.manifest.run] : []
    ),
  ];
  throw new RangeError(
    `${visible(only!.path.slice(0, -only!.name.length - 1))} has ` +
      `${counted(names.length, "run")}: name one, as in --run ${names[0]} or ` +
      `openRun(dir, ${quoted(names[0]!)}). The runs are ` +
      listed(names),
  );
}

function insertTypes(db: Database, partitions: readonly Partition[]): void {
  const types = new Map<string, Names>();
  for (const { manifest } of partitions) {
    for (const [type, found] of Object.entries(manifest.types)) {
      const names = types.getOrInsertComputed(type, () => ({
        attributes: new Set<string>(),
        events: new Set<string>(),
        templates: new Set<string>(),
        metrics: new Set<string>(),
      }));
      for (const kind of kinds) {
        for (const name of found[kind] ?? []) names[kind].add(name);
      }
    }
  }
  for (const [type, names] of types) {
    // Not those that would make it a run.
    const attributes = [...names.attributes]
      .filter((name) => !["run", "rundir", "directory"].includes(name))
      .map((name) => [name, 1]);
    const { lastInsertRowid: id } = db.run(
      "INSERT INTO span (type, key, attributes) VALUES (?, '', ?)",
      [type, JSON.stringify(Object.fromEntries(attributes))],
    );
    insertRows(db, "event", ["span_id", "type", "named"], [
      ...[...names.events].map((name) => [id, name, 1]),
      ...[...names.templates].map((name) => [id, name, 0]),
    ]);
    insertRows(
      db,
      "metric",
      ["span_id", "metric", "name", "value"],
      [...names.metrics].map((text) => {
        const [metric = "", ...rest] = text.split("/");
        return [id, metric, rest.join("/"), 1];
      }),
    );
  }
}

const kinds = ["attributes", "events", "templates", "metrics"] as const;
type Names =
  & Record<typeof kinds[number], Set<string>>
  & Partial<
    Record<keyof ManifestType, unknown>
  >;
