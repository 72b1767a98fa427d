import assert from "node:assert/strict";
import { tzLogs } from "../importers/logs.ts";
import { inPlace, output, rowsOf } from "./shell.ts";

Deno.test("dnpc import creates a database, prints a report, and skips unchanged files", () =>
  inPlace(async (place) => {
    const line = "dnpc import runinfo/ -o new.sqlite3";
    const first = await place.shell(line);
    assert.equal(first.code, 0);
    assert.match(
      first.stdout,
      /^1 run, 62 tasks, 3 failed, 6 files read, nothing broken\.\n/,
    );
    assert.doesNotMatch(first.stdout, /─/);
    assert.equal(first.stderr, "");
    const report = JSON.parse(
      await output(place, "dnpc import runinfo/ -o new.sqlite3 --json"),
    );
    assert.deepEqual(
      report.sources.map(({ outcome }: { outcome: string }) => outcome),
      Array(6).fill("unchanged"),
    );
    const again = await output(place, `${line} --verbose`);
    assert.match(again, /3 failed, nothing new in 6 files, nothing broken\.\n/);
    assert.match(again, /^6 sources of /m);
    // sqlite3 monitoring.db "SELECT count(*) FROM try"
    const count = "SELECT count(*) AS n FROM monitoring_try";
    assert.deepEqual(
      rowsOf(await output(place, `dnpc sql new.sqlite3 "${count}"`)),
      [{ n: "70" }],
    );
  }));

Deno.test("dnpc import --attribute sets attributes of every span", () =>
  inPlace(async (place) => {
    await output(
      place,
      "dnpc import runinfo/ -o new.sqlite3 -q --attribute campaign=spring " +
        "--attribute site=cori",
    );
    const query = "SELECT DISTINCT attributes ->> 'campaign' AS campaign, " +
      "attributes ->> 'site' AS site FROM span";
    assert.deepEqual(
      rowsOf(await output(place, `dnpc sql new.sqlite3 "${query}"`)),
      [{ campaign: "spring", site: "cori" }],
    );
  }));

// grep -c "putting message onto pending_task_queue" interchange.log
Deno.test("dnpc import --unknown=all keeps lines that no rule knows", () =>
  inPlace(async (place) => {
    await output(place, "dnpc import runinfo/ -o new.sqlite3 -q --unknown all");
    const query = "SELECT count(*) AS n FROM event " +
      "WHERE type = 'putting message onto pending_task_queue'";
    assert.deepEqual(
      rowsOf(await output(place, `dnpc sql new.sqlite3 "${query}"`)),
      [{ n: "63" }],
    );
  }));

Deno.test("dnpc import does not change another program's file", () =>
  inPlace(async ({ folder, shell }) => {
    const path = `${folder}/monitoring.db`;
    await Deno.copyFile(`${folder}/runinfo/monitoring.db`, path);
    const before = await Deno.readFile(path);
    const { code, stderr } = await shell(
      "dnpc import runinfo/ -o monitoring.db",
    );
    assert.equal(code, 125);
    assert.match(stderr, /Parsl's own database: nothing was written/);
    assert.deepEqual(await Deno.readFile(path), before);
    await Deno.writeTextFile(`${folder}/notes.txt`, "mine");
    const text = await shell("dnpc import runinfo/ -o notes.txt");
    assert.equal(text.code, 125);
    assert.equal(await Deno.readTextFile(`${folder}/notes.txt`), "mine");
  }));

Deno.test("dnpc import --strict exits with 1 if a line is malformed, and imports the rest", () =>
  inPlace(async ({ folder, shell }) => {
    await Deno.mkdir(`${folder}/broken/000`, { recursive: true });
    const log = await Deno.readTextFile(`${folder}/runinfo/000/parsl.log`);
    const lines = log.split("\n");
    const [whole, broken] = [lines.length - 1, 100];
    lines[broken - 1] = `\0${lines[broken - 1]}`;
    await Deno.writeTextFile(
      `${folder}/broken/000/parsl.log`,
      lines.join("\n"),
    );
    const loose = await shell("dnpc import broken -o loose.sqlite3 --json");
    assert.equal(loose.code, 0, loose.stderr);
    const [source] = JSON.parse(loose.stdout).sources;
    assert.deepEqual(source.malformedLines, [broken]);
    assert.equal(source.lines, whole);
    const strict = await shell("dnpc import broken -o strict.sqlite3 --strict");
    assert.equal(strict.code, 1);
    const spans = '"SELECT count(*) FROM span" --no-header';
    const [a, b] = [
      await shell(`dnpc sql strict.sqlite3 ${spans}`),
      await shell(`dnpc sql broken ${spans}`),
    ];
    assert.equal(a.stdout, b.stdout);
    assert.match(b.stderr, /0 files damaged, 1 lines malformed/);
    assert.equal(
      (await shell("dnpc import runinfo/ -o s.db --strict")).code,
      0,
    );
  }));

Deno.test("dnpc exits with 125 if it cannot read its data or write its output", () =>
  inPlace(async ({ folder, shell }) => {
    await Deno.mkdir(`${folder}/empty`);
    await Deno.writeTextFile(`${folder}/words.txt`, "nothing of Parsl's\n");
    for (
      const [line, says] of [
        ["dnpc import empty -o new.sqlite3 -q", /nothing here/],
        ["dnpc import not-there -o new.sqlite3", /not-there/],
        ["dnpc span-types empty", /nothing here that an importer reads/],
        ["dnpc span-types words.txt", /nothing here that an importer reads/],
        ["dnpc span-types not-there", /there is no not-there/],
        ["dnpc import runinfo/ -o no/such/folder.sqlite3", /no folder/],
        ["dnpc metrics runs.sqlite3 -o no/such.csv", /No such file/],
        ["dnpc export runs.sqlite3 --to csv -o runs.sqlite3/x", /./],
        ["dnpc sql runs.sqlite3 'SELECT 1' > /dev/full", /No space left/],
      ] as const
    ) {
      const { code, stdout, stderr } = await shell(line);
      assert.equal(code, 125, `${line}: ${stderr}`);
      assert.equal(stdout, "", line);
      assert.match(stderr, says, line);
      assert.doesNotMatch(stderr, /fault| at file:/, line);
    }
  }));

Deno.test("dnpc reads a log, a tarball and a database from standard input", () =>
  inPlace(async (place) => {
    const { path } = tzLogs;
    // tar leaves the name of the run's directory to the tarball.
    await output(
      place,
      `tar cz -C '${path}' 000 monitoring.db | dnpc import - -o new.sqlite3 -q`,
    );
    const runs = "SELECT count(*) AS tries FROM monitoring_try";
    assert.deepEqual(
      rowsOf(await output(place, `dnpc sql new.sqlite3 "${runs}"`)),
      [{ tries: "70" }],
    );
    const log = `'${path}/000/parsl.log'`;
    // grep -c ' submitted for App '
    const tasks = "SELECT count(*) AS tasks FROM span " +
      "WHERE type = 'parsl.rundir.task'";
    assert.deepEqual(
      rowsOf(await output(place, `cat ${log} | dnpc sql - "${tasks}"`)),
      [{ tasks: "62" }],
    );
    assert.deepEqual(
      rowsOf(
        await output(
          place,
          `dnpc sql - "${runs}" < '${path}/monitoring.db'`,
        ),
      ),
      [{ tries: "70" }],
    );
    // The same log, longer: two imports of it are one source.
    const part = `head -n 500 ${log}`;
    await output(place, `${part} | dnpc import - -o grown.sqlite3 -q`);
    await output(place, `cat ${log} | dnpc import - -o grown.sqlite3 -q`);
    const sources = "SELECT lines FROM source";
    const lines = Deno.readTextFileSync(`${path}/000/parsl.log`).split("\n");
    assert.deepEqual(
      rowsOf(await output(place, `dnpc sql grown.sqlite3 "${sources}"`)),
      [{ lines: `${lines.length - 1}` }],
    );
  }));

Deno.test("dnpc import reports standard input without a folder", () =>
  inPlace(async (place) => {
    const log = `'${tzLogs.path}/000/parsl.log'`;
    const report = await output(place, `dnpc import - -o new.sqlite3 < ${log}`);
    assert.match(report, /^1 run, 62 tasks, 3 failed, 1 file read/);
  }));

Deno.test("dnpc import ends at a signal while it waits for standard input", () =>
  inPlace(async (place) => {
    const { code, stderr } = await place.shell(
      "{ sleep 9 2>/dev/null | dnpc import - -o new.sqlite3 & } ; sleep 2; " +
        "kill -INT $!; wait $!",
    );
    assert.equal(code, 130, stderr);
    assert.match(stderr, /ended by a signal/);
  }));
