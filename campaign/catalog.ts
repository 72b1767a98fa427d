import {
  createSchema,
  type Database,
  insertRows,
  openDatabase,
  type Row,
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
    insertRuns(db, facts);
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

function insertRuns(db: Database, { run: runs, span_kind }: Facts): void {
  const type = span_kind.find(({ role }) => role === "run")?.type ?? "run";
  const names = tableColumns.run.map(({ name }) => name);
  const directories = new Set<unknown>();
  const spans: [unknown, string][] = [];
  const rows = runs.map((row) => {
    // Runs of two machines, or of two times.
    const isTaken = directories.has(row.rundir);
    const rundir = isTaken
      ? `${row.rundir}#${row.run_id ?? row.id}`
      : row.rundir;
    if (rundir !== null) directories.add(rundir);
    const { run_id: run, directory } = row;
    spans.push([row.id, JSON.stringify({ run, rundir, directory })]);
    return names.map((name) => name === "rundir" ? rundir! : row[name] ?? null);
  });
  insertRows(db, "run", names, rows);
  insertRows(
    db,
    "span",
    ["type", "key", "attributes"],
    spans.map(([id, attributes]) => [type, `run ${id}`, attributes]),
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
