import { strict as assert } from "node:assert";
import { gzipSync } from "node:zlib";
import { importParslLog, importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import { larger, logSets, tzLogs, wqLogs, writeFiles } from "./logs.ts";

/** Runs a program that the tests compare with. */
async function run(command: string, args: string[], cwd: string) {
  const { success, stderr } = await new Deno.Command(command, { args, cwd })
    .output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

const tar = (cwd: string, ...args: string[]) => run("tar", args, cwd);

/** Imports into a database of its own. */
async function imported(path: string) {
  const db = await openDatabase(undefined, { engine: "native" });
  return { db, report: await importRuninfo(db, path) };
}

/**
 * All that is in a database, its ids replaced by what they stand for, and paths
 * by what comes behind `root` in them.
 */
function contents(db: Database, root: string): string[] {
  const escaped = root.replaceAll("%", "%25").replaceAll("/", "%2F");
  const of = (id: string) =>
    `(SELECT type || ' ' || key FROM span WHERE id = ${id})`;
  const source = "(SELECT path FROM source WHERE id = source_id)";
  const told = rows(
    db,
    `SELECT type, key, attributes, implied, NULL, NULL, NULL FROM span
     UNION ALL
     SELECT ${of("span_id")}, time, type, named, attributes, ${source},
       line || ' ' || ifnull(offset, '') FROM event
     UNION ALL
     SELECT ${of("span_id")}, time, metric, name, value, ${source}, line
     FROM metric
     UNION ALL
     SELECT ${of("superspan_id")}, ${of("subspan_id")}, key, rule, NULL, NULL,
       NULL FROM subspan
     UNION ALL
     SELECT ${of("left_id")}, ${of("right_id")}, rule, NULL, NULL, NULL, NULL
     FROM facet
     UNION ALL
     SELECT path, importer, bytes, lines, matched, not_understood, malformed
     FROM source`,
  );
  return told.map((row) =>
    JSON.stringify(row).replaceAll(root, "").replaceAll(escaped, "")
  ).sort();
}

/** What an import of the set as it is comes to. */
async function expected(path: string): Promise<string[]> {
  const { db } = await imported(path);
  using _ = db;
  return contents(db, path);
}

/** Where the runinfo in a container is, as its sources have it. */
const rootOf = (db: Database) =>
  String(rows(db, "SELECT path FROM source LIMIT 1")[0]![0])
    .replace(/(runinfo)\/.*$/, "$1");

const sets = [
  tzLogs,
  wqLogs,
  ...logSets.slice(2),
  larger("obs-wf"),
  larger("head-json"),
];

for (const { name, path, ignore } of sets) {
  Deno.test({
    name: `importRuninfo() of a tarball is that of the directory [${name}]`,
    ignore,
    fn: () =>
      inFolder(async (folder) => {
        await tar(
          path,
          "czf",
          `${Deno.realPathSync(folder)}/a.tar.gz`,
          "../runinfo",
        );
        const { db, report } = await imported(`${folder}/a.tar.gz`);
        using _ = db;
        assert.deepEqual(contents(db, rootOf(db)), await expected(path));
        const again = await importRuninfo(db, path);
        assert.deepEqual([again.spans, again.events, again.metrics], [0, 0, 0]);
        assert.ok(
          again.sources.every(({ outcome }) => outcome === "unchanged"),
          String(again),
        );
        assert.equal(again.sources.length, report.sources.length);
      }),
  });
}
