import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { inPlace, output } from "../cli/shell.ts";
import {
  exportFixtures,
  partitionsOf,
  readParquet,
  temporaryFolder,
} from "./campaigns.ts";

const tz = "run=8b02009a-662b-47a8-8ae8-abfaf19f296a";

Deno.test("dnpc import --to parquet writes a campaign, and leaves no other files", () =>
  inPlace(async (place) => {
    const first = await place.shell("dnpc import runinfo/ --to parquet spring");
    assert.equal(first.code, 0);
    assert.match(first.stdout, /^1 run, 62 tasks, 3 failed/);
    assert.match(
      first.stderr,
      /^dnpc: spring: 1 run added; [\d,]+ rows, [\d.]+ kB written\n$/,
    );
    const dir = `${place.folder}/spring`;
    assert.deepEqual(partitionsOf(dir), [".imported", tz]);
    // sqlite3 monitoring.db "SELECT count(*) FROM try"
    const tries = await readParquet(dir, tz, "monitoring_try");
    assert.equal(tries.length, 70);
    const again = await place.shell(
      "dnpc import runinfo/ --to parquet -o spring",
    );
    assert.equal(again.stderr, "dnpc: spring: 1 run already there\n");
  }));

Deno.test("dnpc import --to parquet reads no path again that has not changed", () =>
  inPlace(async ({ folder, shell }) => {
    const tarball = inCheckout("tests/fixtures/workers/threads.tar.gz");
    await shell(`tar xzf ${tarball} && mv runinfo one`);
    const log = `${folder}/one/000/parsl.log`;
    const read = async (options = ""): Promise<[boolean, string]> => {
      const command = `dnpc import one --to parquet spring ${options}`;
      const { code, stdout, stderr } = await shell(command);
      assert.equal(code, 0);
      return [/ read/.test(stdout), stderr.replace(/; .* written/, "").trim()];
    };
    const [added, replaced, unchanged] = ["added", "replaced", "already there"]
      .map((outcome) => `dnpc: spring: 1 run ${outcome}`);
    assert.deepEqual(await read(), [true, added]);
    assert.deepEqual(await read(), [false, unchanged]);
    await Deno.utime(log, 1, 1);
    assert.deepEqual(await read(), [true, unchanged]);
    assert.deepEqual(await read(), [false, unchanged]);
    assert.deepEqual(await read("--unknown all"), [true, replaced]);
    // Its files are as before, but the run is another.
    assert.deepEqual(await read(), [true, replaced]);
    const [run] = partitionsOf(`${folder}/spring`).slice(-1);
    await Deno.remove(`${folder}/spring/${run}`, { recursive: true });
    assert.deepEqual(await read(), [true, added]);
    // Malformed lines are named once, but with --strict each time.
    await Deno.writeTextFile(log, "1795347184.1 2026-1\n", { append: true });
    const damage = "dnpc: one: 0 files damaged, 1 lines malformed";
    assert.match((await read())[1], new RegExp(`^${replaced}\n${damage}`));
    assert.deepEqual(await read(), [false, unchanged]);
    for (const _ of [1, 2]) {
      const strict = "dnpc import one --to parquet spring --strict -q";
      const { code, stderr } = await shell(strict);
      assert.equal(code, 1);
      assert.ok(stderr.startsWith(damage), stderr);
    }
  }));

Deno.test("dnpc import --to parquet refuses a run in two parts, and a wrong target", () =>
  inPlace(async (place) => {
    const parts = "runinfo/monitoring.db runinfo/000/parsl.log";
    const { code, stderr } = await place.shell(
      `dnpc import ${parts} --to parquet spring -q`,
    );
    assert.equal(code, 125);
    assert.match(stderr, /is in two imports.*Import them together/s);
    const other = await place.shell("dnpc import runinfo --to parquet");
    assert.match(other.stderr, /needs a directory: -o DIR/);
    const wrong = await place.shell(
      "dnpc import before --to parquet runinfo/",
    );
    assert.equal(wrong.code, 125);
    assert.match(wrong.stderr, /runinfo\/ is not a campaign: it has "000"/);
    const none = await place.shell("dnpc import bin --to parquet spring2 -q");
    assert.equal(none.code, 125);
    assert.ok(
      ![...Deno.readDirSync(place.folder)].some(({ name }) =>
        name === "spring2"
      ),
    );
  }));

Deno.test("dnpc asks a campaign what is SQL, and says what it does not know", () =>
  inPlace(async (place) => {
    await output(place, "dnpc import runinfo/ --to parquet spring -q");
    await output(place, "dnpc import runinfo/ -o one.sqlite3 -q");
    const times = "parsl.rundir.try/launched parsl.rundir.try/exec_done";
    for (
      const [command, rest] of [
        ["times-between", `${times} --stat median --stat p95 --stat stddev`],
        [
          "times-between",
          `${times} --run 000 --where executor=htex_Local ` +
          "--stat count",
        ],
        ["span-types", "--run 000"],
        ["spans-in-state", "parsl.rundir.try"],
        ["spans-in-state", "--places --run 000"],
        ["span-graph", ""],
        ["trends", "--per month --by app"],
        ["outliers", ""],
        ["factors", `--from ${times.replace(" ", " --to ")}`],
      ]
    ) {
      const [campaign, database] = await Promise.all(
        ["spring", "one.sqlite3"].map((data) =>
          output(place, `dnpc ${command} ${data} ${rest}`)
        ),
      );
      assert.deepEqual(rounded(campaign!), rounded(database!), command);
    }
    assert.equal(
      await output(
        place,
        `dnpc sql spring "SELECT count(*) AS tasks FROM monitoring_task
          WHERE task_func_name = :app" --param app=top --no-header`,
      ),
      await output(
        place,
        `dnpc sql one.sqlite3 "SELECT count(*) AS tasks FROM monitoring_task
          WHERE task_func_name = :app" --param app=top --no-header`,
      ),
    );
    // The column longest_id has the numbers of spans.
    const steps = await Promise.all(
      ["spring", "one.sqlite3"].map(async (data) => {
        const csv = await output(
          place,
          `dnpc event-sequences ${data} parsl.rundir.try --align step --format csv`,
        );
        return csv.split("\n").map((line) =>
          line.split(",").slice(0, 7).join()
        );
      }),
    );
    assert.deepEqual(steps[0], steps[1]);
    assert.match(steps[0]![0]!, /^sequence,step,spans,span_type/);
    const drawn = await place.shell(
      `dnpc times-between spring ${times} -o t.svg`,
    );
    assert.match(drawn.stderr, /^dnpc: drew t.svg: /);
    const wrong = await place.shell(
      `dnpc times-between spring parsl.rundir.try/lunched ${
        times.split(" ")[1]
      }`,
    );
    assert.equal(wrong.code, 125);
    assert.match(wrong.stderr, /Did you mean launched/);
  }));

Deno.test("dnpc says what is wrong with a campaign, and why nothing is found in it", () =>
  inPlace(async (place) => {
    await output(place, "dnpc import runinfo/ --to parquet spring -q");
    await output(place, "dnpc import runinfo/ -o one.sqlite3 -q");
    const times = "parsl.rundir.try/launched parsl.rundir.try/exec_done";
    for (
      const [command, reason] of [
        [
          `times-between spring ${times} --where ap=left`,
          "no parsl.rundir.try has ap=left",
        ],
        [
          "spans-in-state spring parsl.rundir.try --where app=left",
          "no parsl.rundir.try has app=left",
        ],
        [
          "event-sequences spring parsl.rundir.task --where app=lefft",
          "no parsl.rundir.task has app=lefft",
        ],
        [`runs spring/${tz}`, `spring/${tz} is one run of a campaign`],
        ["import runinfo/ -o spring", "spring is a campaign: add --to parquet"],
        ["import spring -o two.sqlite3", "spring is a campaign: to merge it"],
        [
          "import one.sqlite3 --to parquet -o spring",
          "one.sqlite3 is a database from dnpc import already: dnpc export",
        ],
        [
          `times-between spring ${times} --stat p999`,
          'there is no statistic "p999". ',
        ],
        ['sql spring ""', "the query is empty"],
        ["import nowhere --to parquet -o spring", "there is no nowhere"],
        [
          "import runinfo/ --to parquet one.sqlite3",
          "one.sqlite3 is a file, and a campaign is a directory",
        ],
      ]
    ) {
      const { code, stderr } = await place.shell(`dnpc ${command}`);
      assert.ok(stderr.startsWith(`dnpc: ${reason}`), stderr);
      assert.equal(code, 125);
    }
    await Deno.remove(`${place.folder}/spring/${tz}/manifest.json`);
    const { stderr } = await place.shell("dnpc runs spring");
    assert.match(stderr, /spring\/run=.* is left out: it has no manifest.json/);
  }));

Deno.test("dnpc asks one run of a campaign whatever it asks a database", () =>
  inPlace(async (place) => {
    await output(place, "dnpc import runinfo/ --to parquet spring -q");
    await output(place, "dnpc import runinfo/ -o one.sqlite3 -q");
    for (
      const [command, rest] of [
        ["summary", "--json"],
        ["runs", "--run 000"],
        ["failures", "--format json"],
        ["failures", "--executor htex_Local"],
        ["story", "task=3 run=000 --format table"],
        ["lines", "parsl.log:120"],
        ["worker-time", ""],
        ["export", "--to otlp --run 000"],
      ]
    ) {
      const [campaign, database] = await Promise.all(
        ["spring", "one.sqlite3"].map((data) =>
          output(place, `dnpc ${command} ${data} ${rest}`)
        ),
      );
      assert.equal(campaign, database, command);
    }
    await output(place, "dnpc import after --to parquet spring -q");
    const several = await place.shell("dnpc tasks spring");
    assert.equal(several.code, 125);
    assert.match(
      several.stderr,
      /^dnpc: spring has 2 runs: name one, as in --run/,
    );
    const tasks = await output(
      place,
      "dnpc tasks spring --run runinfo/000 --no-header",
    );
    // grep -c "submitted for App" runinfo/000/parsl.log
    assert.equal(tasks.trimEnd().split("\n").length, 62);
    const logs = await place.shell("dnpc tasks spring --patterns p.json");
    assert.match(
      logs.stderr,
      /--patterns is for logs, and spring is a campaign/,
    );
  }));

/** Without the numbers of spans, and numbers to a billionth. */
const rounded = (text: string): string[] =>
  text.replace(/\b\d{3,}\t/g, "\t").replace(
    /\d+\.\d+/g,
    (number) => Number(number).toPrecision(9),
  ).split("\n").sort();

Deno.test("dnpc installs DuckDB for campaigns alone, and says how where it cannot", async () => {
  await using folder = await temporaryFolder();
  const dir = `${folder.path}/spring`;
  await exportFixtures(dir, "tz/runinfo");
  const run = async (args: string[], env = {}) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      env: { NO_COLOR: "1", ...env },
    }).output();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  };
  // The packages of this machine, but DuckDB.
  const { npmCache } = JSON.parse((await run(["info", "--json"])).stdout);
  const cache = `${folder.path}/cache`;
  await Deno.mkdir(cache);
  const { success } = await new Deno.Command("sh", {
    args: [
      "-c",
      'cp -al "$0" "$1/npm" || cp -a "$0" "$1"; rm -r "$1"/npm/*/@duckdb',
      npmCache,
      cache,
    ],
  }).output();
  assert.ok(success);
  const dnpc = (...args: string[]) =>
    run(["run", "--cached-only", "-A", inCheckout("cli.ts"), ...args], {
      DENO_DIR: cache,
    });
  assert.equal((await dnpc("--version")).code, 0);
  const { code, stderr } = await dnpc("span-types", dir);
  assert.equal(code, 125);
  assert.match(
    stderr,
    /^dnpc: campaigns are read by DuckDB, .*`deno cache npm:@duckdb\/node-api@[\w.-]+` where there is a network/,
  );
});
