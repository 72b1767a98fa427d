import { strict as assert } from "node:assert";
import { type ImportReport, importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { isWhole } from "../faults/figures.ts";
import { inFolder } from "../sql/engines.ts";
import { isThere, rows } from "./databases.ts";
import { filesNamed, logSets, onLogs } from "./logs.ts";

const logNames = /^(parsl|interchange|manager|worker_\d+)\.log$/;
const named = /[Tt]asks?:? \[?[0-9]/;

/** The task numbers in a line. */
function numbersIn(line: string): string[] {
  // Work Queue's own number comes first.
  const own = line.replace(/Completed Work Queue task \d+, /, "");
  const [, list] = /[Tt]asks?:? (\[[\d, ]+\]|\d+)/.exec(own) ?? [];
  return list?.match(/\d+/g) ?? [];
}

/** By line, the task numbers of the spans that got an event. */
function numbersByLine(db: Database, path: string): Map<number, string[]> {
  const lines = new Map<number, string[]>();
  const found = db.iterate<{ line: number; number: string | null }>(
    `SELECT line, attributes ->> iif(span.type LIKE 'parsl.rundir.%',
       '$.task', '$.executor_task') AS number
     FROM (SELECT line, span_id FROM event JOIN source
           ON source.id = source_id AND path = ?)
     JOIN span ON span.id = span_id`,
    [path],
  );
  for (const { line, number } of found) {
    const known = lines.get(line);
    if (!known) lines.set(line, number === null ? [] : [number]);
    else if (number !== null) known.push(number);
  }
  return lines;
}

/**
 * Counts lines that name tasks; lists those without an event or with the wrong
 * tasks.
 *
 * @param imported the imported path, if the logs were elsewhere during the
 * import
 */
function coverage(
  db: Database,
  path: string,
  report: ImportReport,
  imported: string,
) {
  let all = 0;
  const missed: string[] = [];
  const wrong: string[] = [];
  for (const log of filesNamed(path, logNames)) {
    const source = log.replace(path, imported);
    const copies = report.sources.find(({ path }) => path === source)?.copies;
    const events = numbersByLine(db, source);
    for (const [i, line] of Deno.readTextFileSync(log).split("\n").entries()) {
      if (!named.test(line)) continue;
      all++;
      const numbers = events.get(i + 1);
      // Copied lines have their events in the log of their own run.
      if (!numbers) missed.push(...copies ? [] : [line]);
      else if (
        !line.includes("pending tasks: ") &&
        numbers.sort().join() !== numbersIn(line).sort().join()
      ) wrong.push(`${numbers}: ${line}`);
    }
  }
  return { all, missed, wrong };
}

function assertCovered(
  db: Database,
  path: string,
  report: ImportReport,
  imported = path,
) {
  const { all, missed, wrong } = coverage(db, path, report, imported);
  assert.ok(all > 50);
  assert.deepEqual(wrong.slice(0, 5), []);
  assert.ok(missed.length <= all / 100, missed.slice(0, 5).join("\n"));
}

onLogs(
  "importRuninfo() creates events for 99% of the lines that name a task",
  logSets,
  (db, { path }, report) => assertCovered(db, path, report),
);

const archive = "../shared/data/big-text.tar.gz";

Deno.test({
  name: `importRuninfo() creates events for 99% of ${
    isWhole ? "a million lines, packed or unpacked" : "100,000 packed lines"
  }`,
  ignore: !isThere(archive),
  fn: () =>
    inFolder(async (temporary) => {
      const folder = await Deno.realPath(temporary);
      const tar = async (...args: string[]) => {
        const options = { args, cwd: folder };
        const { success } = await new Deno.Command("tar", options).output();
        assert.ok(success);
      };
      const original = await Deno.realPath(archive);
      await tar("-xzf", original);
      let path = original;
      if (!isWhole) {
        for (const log of filesNamed(folder, logNames)) {
          Deno.truncateSync(log, Math.floor(Deno.statSync(log).size / 10));
        }
        path = `${folder}/short.tar.gz`;
        await tar("-czf", path, "big-text");
      }
      using db = await openDatabase(`${folder}/packed.sqlite3`);
      const report = await importRuninfo(db, path);
      const lines = report.sources
        .filter(({ importer }) => importer !== "submit_scripts")
        .reduce((sum, { lines }) => sum + lines, 0);
      // wc -l of the five logs, and of their first tenths.
      assert.equal(lines, isWhole ? 1_094_104 : 110_440);
      assertCovered(db, folder, report, path);

      // containers_test.ts compares smaller runs.
      if (!isWhole) return;
      using unpacked = await openDatabase(`${folder}/big.sqlite3`);
      await importRuninfo(unpacked, `${folder}/big-text`);
      assert.deepEqual(sums(unpacked), sums(db));
    }),
});

/** Counts and sums per table: there are too many rows to compare each. */
const sums = (db: Database) =>
  rows(
    db,
    `SELECT span.type || ' ' || event.type AS what, count(*),
       sum(round(time * 1e6)), sum(line), sum(event.offset)
     FROM event JOIN span ON span.id = span_id GROUP BY what
     UNION ALL
     SELECT type, count(*), sum(json_array_length(implied)), 0, 0
     FROM span GROUP BY type
     UNION ALL
     SELECT text || key, count(*), 0, 0, 0
     FROM subspan JOIN rule ON rule.id = rule_id GROUP BY 1
     UNION ALL
     SELECT metric || name, count(*), sum(value), sum(line), 0
     FROM metric GROUP BY 1
     ORDER BY 1`,
  );
