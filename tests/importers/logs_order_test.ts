import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { isWhole } from "../faults/figures.ts";
import { inFolder } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import {
  descLogs,
  filesNamed,
  headJsonLogs,
  larger,
  type LogSet,
  obsLogs,
  tzLogs,
  wqLogs,
} from "./logs.ts";

/** An object as JSON with sorted keys. */
const canonical = (json: unknown) =>
  JSON.stringify(
    Object.entries(JSON.parse(String(json ?? "{}")))
      .sort(([a], [b]) => a < b ? -1 : 1),
  );

/** The whole content of a database, without ids. */
function contents(db: Database): Record<string, string[]> {
  const lines = (found: unknown[][]) =>
    found.map((row) => row.join(" ")).sort();
  const pairs = (table: string, left: string, right: string, more: string) =>
    lines(rows(
      db,
      `SELECT a.type AS x, a.key AS y, b.type AS z, b.key AS w, ${more}
       FROM ${table} JOIN span a ON a.id = ${left} JOIN span b ON b.id = ${right}`,
    ));
  return {
    spans: lines(
      rows(db, "SELECT type, key, attributes, implied FROM span")
        .map(([type, key, attributes, implied]) => [
          type,
          key,
          canonical(attributes),
          JSON.parse(String(implied ?? "[]")).sort(),
        ]),
    ),
    events: lines(rows(
      db,
      `SELECT path, line, offset, time, event.type, named, span.type AS about,
         span.key, event.attributes
       FROM event JOIN span ON span.id = span_id
       JOIN source ON source.id = event.source_id`,
    )),
    subspans: pairs(
      "subspan",
      "superspan_id",
      "subspan_id",
      "(SELECT text FROM rule WHERE id = rule_id), subspan.key",
    ),
    facets: pairs(
      "facet",
      "left_id",
      "right_id",
      "(SELECT text FROM rule WHERE id = rule_id)",
    ),
    sources: lines(rows(
      db,
      `SELECT path, importer, fingerprint, bytes, lines, matched, malformed,
         continued FROM source`,
    )),
  };
}

async function copyTree(from: string, to: string): Promise<void> {
  for (const path of filesNamed(from, /./)) {
    const copy = to + path.slice(from.length);
    await Deno.mkdir(copy.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeFile(copy, await Deno.readFile(path));
  }
}

async function importEach(
  paths: Iterable<string>,
): Promise<ReturnType<typeof contents>> {
  using db = await openDatabase(undefined, { engine: "native" });
  for (const path of paths) await importRuninfo(db, path);
  return contents(db);
}

const sets: LogSet[] = [
  tzLogs,
  wqLogs,
  descLogs,
  obsLogs,
  headJsonLogs,
  larger("obs-wf"),
  larger("multi-load"),
  ...isWhole ? [larger("htex-head"), larger("wq-2023")] : [],
];

for (const set of sets) {
  Deno.test({
    name:
      `importRuninfo() gives the same content for any order of files [${set.name}]`,
    ignore: set.ignore,
    fn: () =>
      inFolder(async (temporary) => {
        const folder = await Deno.realPath(temporary);
        await copyTree(set.path, folder);
        const files = [...filesNamed(folder, /(?<!\.sh)$/)].sort();
        const whole = await importEach([folder]);
        for (const order of [files, files.toReversed()]) {
          const found = await importEach(order);
          for (const [part, lines] of Object.entries(whole)) {
            assert.deepEqual(found[part], lines, part);
          }
        }
      }),
  });
}
