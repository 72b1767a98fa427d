import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { larger, onLogs, tzLogs, withFiles } from "./logs.ts";

const set = larger("multi-load");
const logOf = (run: string) => `${set.path}/${run}/parsl.log`;

/** Lines of parsl.log from the second "Run id is" on. */
function linesOfLaterRuns(path: string): number {
  const lines = Deno.readTextFileSync(path).split("\n");
  const starts = lines.flatMap((line, i) =>
    line.includes("INFO: Run id is: ") ? [i] : []
  );
  return lines.slice(starts[1] ?? Infinity)
    .filter((line) => /^\d{10}\.\d+ \d{4}-\d\d-\d\d /.test(line)).length;
}

const spans = (type: string) =>
  `SELECT attributes ->> 'rundir' AS rundir, count(*),
     count(DISTINCT attributes ->> 'task')
   FROM span WHERE type = '${type}' GROUP BY rundir ORDER BY rundir`;

onLogs(
  "importRuninfo() keeps the runs of one process apart, without duplicates",
  [set],
  (db, { path }, { sources }) => {
    assert.deepEqual(rows(db, spans("parsl.rundir.task")), [
      [`${path}/000`, 5, 5],
      [`${path}/001`, 6, 6],
      [`${path}/002`, 5, 5],
    ]);
    const tries = rows(db, spans("parsl.rundir.try"));
    assert.equal(tries.reduce((sum, [, count]) => sum + Number(count), 0), 21);
    const runs = rows(
      db,
      `SELECT count(DISTINCT attributes ->> 'run') FROM span
       WHERE type = 'parsl.rundir.workflow'`,
    );
    assert.deepEqual(runs, [[3]]);
    const copies = sources.filter(({ importer }) => importer === "parsl.log")
      .map(({ copies }) => copies);
    assert.deepEqual(
      copies,
      ["000", "001", "002"].map(logOf).map(linesOfLaterRuns),
    );
    assert.deepEqual(copies, [407, 176, 0]);
  },
);

Deno.test({
  name: "importRuninfo() finds all runs of a process in its first log",
  ignore: set.ignore,
  fn: () =>
    withFiles(
      { "000/parsl.log": Deno.readFileSync(logOf("000")) },
      (db, { sources }, folder) => {
        const ids = Deno.readTextFileSync(logOf("000"))
          .matchAll(/INFO: Run id is: (\S+)/g).map(([, id]) => id).toArray();
        const runs = rows(
          db,
          `SELECT attributes ->> 'rundir', attributes ->> 'run' AS run
           FROM span WHERE type = 'parsl.rundir.workflow' ORDER BY id`,
        );
        assert.deepEqual(runs.map(([, run]) => run), ids);
        assert.equal(new Set(runs.map(([rundir]) => rundir)).size, 3);
        assert.equal(runs[0]![0], `${folder}/000`);
        assert.deepEqual(
          rows(db, spans("parsl.rundir.task")).map(([, ...counts]) => counts)
            .sort(),
          [[5, 5], [5, 5], [6, 6]],
        );
        assert.equal(sources[0]!.copies, 0);
        const mixed = `SELECT 1 FROM subspan
          JOIN span around ON around.id = superspan_id
          JOIN span within ON within.id = subspan_id
          WHERE around.attributes ->> 'rundir' <> within.attributes ->> 'rundir'`;
        assert.deepEqual(rows(db, mixed), []);
      },
    ),
});

Deno.test("importRuninfo() continues after a repeated run id", async () => {
  const log = Deno.readTextFileSync(`${tzLogs.path}/000/parsl.log`);
  const [line] = log.split("\n").filter((line) => /Run id is: /.test(line));
  const eventsOf = async (text: string) => {
    let counts: [number, number] = [0, 0];
    await withFiles({ "000/parsl.log": text }, (_, { sources, events }) => {
      counts = [sources[0]!.copies, events];
    });
    return counts;
  };
  const [copies, events] = await eventsOf(log);
  const twice = log.replace(`${line}\n`, `${line}\n${line}\n`);
  assert.deepEqual(await eventsOf(twice), [copies, events + 1]);
  // Also at the end of the log, and after another run.
  const other = line!.replace(/\S+$/, "0b8f5dd6-0000-4000-8000-000000000000");
  const back = `${log}${other}\n${line}\n${line}\n`;
  assert.deepEqual(await eventsOf(back), [copies, events + 3]);
});
