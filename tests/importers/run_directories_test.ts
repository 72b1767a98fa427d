import { strict as assert } from "node:assert";
import { lines, story, workerActivity } from "dnpc/questions";
import { rows } from "./databases.ts";
import {
  filesNamed,
  headJsonLogs,
  larger,
  tzLogs,
  writeFiles,
} from "./logs.ts";
import { countsByRun, inRuninfo, remove } from "./runinfos.ts";

const first = "8b02009a-662b-47a8-8ae8-abfaf19f296a";
const second = "9c13110b-662b-47a8-8ae8-abfaf19f296a";

/** Writes the logs of the fixture, or of the same workflow a day later. */
async function putFixture(to: string, isLater = false): Promise<void> {
  for (const path of filesNamed(`${tzLogs.path}/000`, /log$/)) {
    const text = Deno.readTextFileSync(path);
    const later = (text: string) =>
      text.replaceAll(first, second).replaceAll("cdef75e04b07", "ddef75e04b07")
        .replaceAll("2026-11-22", "2026-11-23")
        .replaceAll(/\b17953\d{5}\b/g, (time) => String(Number(time) + 86_400));
    const name = path.slice(`${tzLogs.path}/000/`.length);
    await writeFiles(
      to,
      isLater ? { [later(name)]: later(text) } : { [name]: text },
    );
  }
}

// grep -c "submitted for App" parsl.log; grep -ch "Received executor task"
// worker_*.log: 41 and 22.
const each = [62, 63];

Deno.test("importRuninfo() keeps a run apart from a later one in its directory", () =>
  inRuninfo(async (folder, db, read) => {
    await putFixture(`${folder}/000`);
    await read();
    const before = workerActivity(db).length;
    const told = story(db, { task: "5", run: first }).length;
    await remove(`${folder}/000`);
    await putFixture(`${folder}/000`, true);
    const report = await read();
    assert.ok(report.sources.every(({ outcome }) => outcome === "imported"));
    const from = `${folder}/000`;
    assert.deepEqual(report.renamed, [{ from, to: `${from}#${first}` }]);
    assert.match(report.details(), /1 run with another name than before/);
    assert.match(String(report), /^The run of \S+\/000 is now \S+#/m);
    assert.deepEqual(countsByRun(db), [
      [`000#${first}`, first, ...each],
      ["000", second, ...each],
    ]);
    assert.equal(workerActivity(db).length, 2 * before);
    for (const run of [first, second]) {
      const events = story(db, { task: "5", run });
      assert.equal(events.length, told);
      assert.ok(events.at(-1)!.time! - events[0]!.time! < 60);
    }
  }));

Deno.test("importRuninfo() finds the directory of a run that was moved away and back", () =>
  inRuninfo(async (folder, db, read) => {
    await putFixture(`${folder}/000`);
    await read();
    await Deno.rename(`${folder}/000`, `${folder}/kept`);
    await putFixture(`${folder}/000`, true);
    await read("000");
    const { sources } = await read("kept");
    assert.ok(sources.every(({ outcome }) => outcome === "unchanged"));
    assert.deepEqual(countsByRun(db), [
      ["kept", first, ...each],
      ["000", second, ...each],
    ]);
    const events = db.query<{ event_id: number }>(
      `SELECT event.id AS event_id FROM event JOIN source ON source.id = source_id
       WHERE rundir LIKE '%/kept' AND offset IS NOT NULL`,
    );
    assert.ok(events.length > 2000);
    assert.ok(
      lines(db, events).every(({ path, text }) =>
        path!.startsWith(`${folder}/kept/`) && text !== null
      ),
    );
  }));

Deno.test("importRuninfo() knows the outputs of submit scripts and tasks of a run that was moved", () =>
  inRuninfo(async (folder, _db, read) => {
    await putFixture(`${folder}/000`);
    const job = "submit_scripts/parsl.htex_Local.block";
    await writeFiles(`${folder}/000`, {
      [`${job}-0.1795347184.08.sh.ec`]: "0\n",
      [`${job}-1.1795347184.09.sh.ec`]: "0\n",
      "task_logs/0000/task_0005_a.stdout": "0\n",
    });
    const { sources } = await read();
    await Deno.rename(`${folder}/000`, `${folder}/kept`);
    const outcomes = (await read()).sources.map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, sources.map(() => "unchanged"));
    assert.equal(
      sources.filter(({ importer }) => /_scripts|task_logs/.test(importer))
        .length,
      3,
    );
  }));

Deno.test("importRuninfo() follows two runs that swap directories", () =>
  inRuninfo(async (folder, db, read) => {
    await putFixture(`${folder}/000`);
    await putFixture(`${folder}/001`, true);
    await read();
    await Deno.rename(`${folder}/000`, `${folder}/002`);
    await Deno.rename(`${folder}/001`, `${folder}/000`);
    await Deno.rename(`${folder}/002`, `${folder}/001`);
    await read();
    assert.deepEqual(countsByRun(db), [
      ["001", first, ...each],
      ["000", second, ...each],
    ]);
  }));

Deno.test("importRuninfo() does not read an earlier run's logs by the clock of a later one", () =>
  inRuninfo(async (folder, db, read) => {
    await putFixture(`${folder}/000`);
    const log = "htex_Local/block-0/cdef75e04b07/worker_0.log";
    const worker = Deno.readTextFileSync(`${folder}/000/${log}`);
    await remove(`${folder}/000`);
    await writeFiles(`${folder}/000`, { [log]: worker });
    await read();
    const times =
      `SELECT min(time) FROM event JOIN source ON source.id = source_id
      WHERE importer = 'worker.log' GROUP BY source_id ORDER BY source_id`;
    // date -u -d "2026-11-22 06:33:04.921" +%s.%N
    assert.deepEqual(rows(db, times), [[1795329184.921]]);
    await remove(`${folder}/000`);
    await putFixture(`${folder}/000`, true);
    await read();
    // The later ones are read by the clock of their parsl.log: a day and five
    // hours later.
    const [earlier, ...later] = rows(db, times).flat().map(Number);
    assert.equal(earlier, 1795329184.921);
    assert.deepEqual(later.map((time) => Math.floor(time - earlier!)), [
      29 * 3600,
      29 * 3600,
    ]);
  }));

Deno.test("importRuninfo() keeps a run with JSON logs apart from a later one", () =>
  inRuninfo(async (folder, db, read) => {
    const log = Deno.readTextFileSync(`${headJsonLogs.path}/000/parsl.jsonlog`);
    const [, id] = /Run id is: ([-0-9a-f]+)/.exec(log)!;
    const tasks = `SELECT attributes ->> 'run', count(*) FROM span
      WHERE type = 'parsl.rundir.task' GROUP BY 1 ORDER BY 1`;
    for (const run of [id!, "later"]) {
      const text = log.replaceAll(id!, run);
      await writeFiles(`${folder}/000`, { "parsl.jsonlog": text });
      await read();
    }
    const [[, count] = [], ...others] = rows(db, tasks);
    assert.ok(Number(count) > 0);
    assert.deepEqual(others, [["later", count]]);
  }));

const loads = larger("multi-load");

Deno.test({
  name:
    "importRuninfo() reads the third of three runs from one log, if its directory is gone",
  ignore: loads.ignore,
  fn: () =>
    inRuninfo(async (folder, db, read) => {
      for (const run of ["000", "001"]) {
        const log = Deno.readTextFileSync(`${loads.path}/${run}/parsl.log`);
        await writeFiles(`${folder}/${run}`, { "parsl.log": log });
      }
      await read();
      // grep "Run id is\|submitted for App" 000/parsl.log: 5, 6 and 5 tasks.
      assert.deepEqual(countsByRun(db).map(([, , tasks]) => tasks), [5, 6, 5]);
    }),
});
