import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { writeFiles } from "./logs.ts";
import { logsOfRun, type MadeRun } from "./made_runs.ts";
import { countsByRun, inRuninfo, remove } from "./runinfos.ts";

const one: MadeRun = { id: "one", start: 1_795_000_000 };
const other: MadeRun = { id: "other", start: 1_795_100_000 };

const put = (path: string, run: MadeRun, tasks = 1) =>
  writeFiles(path, logsOfRun(run, tasks));

Deno.test("importRuninfo() keeps a log of an earlier run that has no run id", () =>
  inRuninfo(async (folder, db, read) => {
    const { start } = one;
    await put(`${folder}/000`, { start });
    await read();
    await put(`${folder}/000`, { start }, 2);
    const { sources } = await read();
    assert.ok(sources.every(({ outcome }) => outcome === "grown"));
    await remove(`${folder}/000`);
    await put(`${folder}/000`, { start: other.start });
    await read();
    const worked = `SELECT attributes ->> 'rundir', count(*) FROM span
      WHERE type = 'parsl.executor.htex.worker.task' GROUP BY 1 ORDER BY 1`;
    assert.deepEqual(rows(db, worked), [
      [`${folder}/000`, 1],
      [`${folder}/000#1`, 2],
    ]);
    await put(`${folder}/found`, { start }, 2);
    await read();
    assert.deepEqual(rows(db, worked), [
      [`${folder}/000`, 1],
      [`${folder}/found`, 2],
    ]);
  }));

Deno.test("importRuninfo() takes a damaged parsl.log for that of its run, unless it begins later", () =>
  inRuninfo(async (folder, db, read) => {
    await put(`${folder}/000`, one, 3);
    await remove(`${folder}/000/htex`);
    await read();
    const path = `${folder}/000/parsl.log`;
    const text = Deno.readTextFileSync(path);
    await Deno.writeTextFile(path, text.slice(text.indexOf("Task 1") - 120));
    const [source] = (await read()).sources;
    assert.equal(source!.outcome, "replaced");
    assert.deepEqual(countsByRun(db).map(([label]) => label), ["000"]);
    const later = String(logsOfRun(other, 1)["parsl.log"])
      .replace(/.*Run id.*\n/, "");
    await Deno.writeTextFile(path, later);
    await read();
    assert.deepEqual(
      countsByRun(db).map(([label, run, tasks]) => [label, run, tasks]),
      [["000#1", null, 2], ["000", null, 1]],
    );
  }));

Deno.test("importRuninfo() knows a run whose id its log shows later", () =>
  inRuninfo(async (folder, db, read) => {
    const files = logsOfRun(one, 1);
    const log = String(files["parsl.log"]);
    const { "parsl.log": _, ...executor } = files;
    await writeFiles(`${folder}/000`, executor);
    await read("000/htex/interchange.log");
    await writeFiles(`${folder}/000`, {
      "parsl.log": log.slice(0, log.indexOf("\n") + 1),
    });
    await read();
    await writeFiles(`${folder}/000`, { "parsl.log": log });
    await read();
    assert.deepEqual(countsByRun(db), [["000", "one", 1, 1]]);
  }));

Deno.test("importRuninfo() joins a directory with the run that it turns out to be a copy of", () =>
  inRuninfo(async (folder, db, read) => {
    await put(`${folder}/000`, one);
    await read();
    const log = String(logsOfRun(one, 1)["parsl.log"]);
    await writeFiles(`${folder}/copy`, {
      "parsl.log": log.slice(0, log.indexOf("\n") + 1),
    });
    await read();
    assert.equal(rows(db, "SELECT * FROM run").length, 2);
    await put(`${folder}/copy`, one);
    await read();
    assert.equal(rows(db, "SELECT * FROM run").length, 1);
    assert.deepEqual(countsByRun(db), [["000", "one", 1, 1]]);
  }));

Deno.test("importRuninfo() reads a run that two logs of a process contain from one of them", () =>
  inRuninfo(async (folder, db, read) => {
    const last: MadeRun = { id: "last", start: other.start + 100 };
    const middle: MadeRun = { ...other, later: [last] };
    await put(`${folder}/000`, { ...one, later: [middle] });
    await put(`${folder}/001`, middle);
    await read();
    const tasks = `SELECT attributes ->> 'run' AS run, count(*) FROM span
      WHERE type = 'parsl.rundir.task' GROUP BY run ORDER BY run`;
    const expected = [["last", 1], ["one", 1], ["other", 1]];
    assert.deepEqual(rows(db, tasks), expected);
    // The runs of another process do not touch them.
    await remove(`${folder}/000`);
    const next: MadeRun = { id: "next", start: other.start + 9000 };
    await put(`${folder}/000`, {
      ...next,
      later: [{ id: "nextone", start: 2e9 }],
    });
    await read();
    assert.deepEqual(rows(db, tasks), [
      ["last", 1],
      ["next", 1],
      ["nextone", 1],
      ...expected.slice(1),
    ]);
  }));

Deno.test("importRuninfo() adds nothing for an older copy of a run, and what a longer one has more", () =>
  inRuninfo(async (folder, db, read) => {
    await put(`${folder}/b`, one, 3);
    await read();
    await put(`${folder}/a`, one, 2);
    assert.equal((await read()).events, 0);
    await put(`${folder}/c`, one, 4);
    await read();
    assert.deepEqual(countsByRun(db), [["b", "one", 4, 4]]);
    await remove(`${folder}/b`);
    await read();
    assert.deepEqual(countsByRun(db), [["a", "one", 4, 4]]);
  }));

Deno.test("importRuninfo() tells the run of a single log by the parsl.log beside it", () =>
  inRuninfo(async (folder, db, read) => {
    await put(`${folder}/000`, one);
    await read();
    await remove(`${folder}/000`);
    await put(`${folder}/000`, other, 2);
    await read("000/htex/interchange.log");
    await read();
    assert.deepEqual(countsByRun(db), [
      ["000#one", "one", 1, 1],
      ["000", "other", 2, 2],
    ]);
  }));

Deno.test("importRuninfo() keeps a run of a tarball that another one replaces", () =>
  inRuninfo(async (folder, db, read) => {
    for (const run of [one, other]) {
      await put(`${folder}/in/runinfo/000`, run);
      const { success } = await new Deno.Command("tar", {
        args: ["czf", "../a.tgz", "runinfo"],
        cwd: `${folder}/in`,
      }).output();
      assert.ok(success);
      await remove(`${folder}/in`);
      await read("a.tgz");
    }
    assert.deepEqual(countsByRun(db), [
      ["000#one", "one", 1, 1],
      ["000", "other", 1, 1],
    ]);
  }));
