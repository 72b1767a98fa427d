import assert from "node:assert/strict";
import { statisticsOf } from "dnpc/plots";
import { inCheckout } from "../../tools/checkout.ts";
import { filesNamed } from "../importers/logs.ts";
import { inPlace, output, rowsOf } from "./shell.ts";

const launched = "parsl.rundir.try/launched";
const received = "parsl.executor.htex.worker.task/worker_received_task";
const run = inCheckout("tests", "fixtures", "tz", "runinfo", "000");

/** Waiting time by executor task number, read line by line from the logs. */
function waits(): Map<string, number> {
  const launches = new Map<string, number>();
  for (const line of Deno.readTextFileSync(`${run}/parsl.log`).split("\n")) {
    const [, time, id] =
      /^(\S+) .* launched on executor htex_Local with executor id (\d+)/
        .exec(line) ?? [];
    if (id) launches.set(id, Number(time));
  }
  const waits = new Map<string, number>();
  for (const path of filesNamed(run, /^worker_\d+\.log$/)) {
    for (const line of Deno.readTextFileSync(path).split("\n")) {
      const [, day, time, id] =
        /^(\S+) (\S+) .*Received executor task (\d+)/.exec(line) ?? [];
      if (!id) continue;
      const end = Date.parse(`${day}T${time}-05:00`) / 1000;
      waits.set(id, end - launches.get(id)!);
    }
  }
  return waits;
}

Deno.test("dnpc times-between agrees with times read from the logs", () =>
  inPlace(async (place) => {
    const { stdout, stderr } = await place.shell(
      `dnpc times-between runs.sqlite3 ${launched} ${received} ` +
        "--show executor_task",
    );
    const rows = rowsOf(stdout).filter(({ end }) => end !== "");
    // The log has 65 lines "launched on", two of them on _parsl_internal.
    assert.match(
      stderr,
      /^dnpc: 2 of 65 tries had not reached worker_received_task$/m,
    );
    const expected = waits();
    assert.equal(expected.size, 63);
    assert.equal(rows.length, 63);
    for (const { executor_task, start, end, seconds } of rows) {
      const wait = expected.get(executor_task!)!;
      assert.ok(Math.abs(Number(seconds) - wait) < 1e-5, executor_task);
      assert.ok(Math.abs(Number(end) - Number(start) - wait) < 1e-5);
    }
  }));

Deno.test("dnpc times-between --stat agrees with statistics of times read from the logs", () =>
  inPlace(async (place) => {
    const [row] = rowsOf(
      await output(
        place,
        `dnpc times-between runinfo ${launched} ${received} --stat count ` +
          "--stat mean --stat median --stat p95 --stat max --stat min",
      ),
    );
    const { count, mean, median, percentile95, maximum, minimum } =
      statisticsOf(waits().values());
    assert.equal(row!.count, String(count));
    for (
      const [name, value] of Object.entries(
        { mean, median, p95: percentile95, max: maximum, min: minimum },
      )
    ) assert.ok(Math.abs(Number(row![name]) - value) < 1e-5, name);
  }));

Deno.test("dnpc times-between exits with 0 or 1 as a check, and with 125 without data", () =>
  inPlace(async ({ folder, shell }) => {
    await Deno.mkdir(`${folder}/empty`);
    const check = (data: string, more: string, to = received) =>
      shell(`dnpc times-between ${data} ${launched} ${to} ${more}`);
    // The 95th percentile is 2.563 s.
    const good = await check("runs.sqlite3", "--stat p95 --fail-above 2.6");
    assert.equal(good.code, 0);
    assert.match(good.stdout, /^p95\n2\.56\d*\n$/);
    assert.match(good.stderr, /p95 is 2\.56\d*, within the limit/);
    const bad = await check("runs.sqlite3", "--stat p95 --fail-above 2.5");
    assert.equal(bad.code, 1);
    assert.match(bad.stderr, /above 2\.5: failed/);
    const few = await check("runs.sqlite3", "--stat count --fail-below 64");
    assert.equal(few.code, 1);
    const none = [
      await check("empty", "--stat p95 --fail-above 1"),
      await check("not-there", "--stat p95 --fail-above 1"),
      await check("runs.sqlite3", "--stat p95 --fail-above 1", `${received}x`),
      await check("runs.sqlite3", "--stat p95 --fail-above 1 --where run=x"),
    ];
    assert.deepEqual(none.map(({ code }) => code), [125, 125, 125, 125]);
    assert.match(none[2]!.stderr, /Did you mean worker_received_task\?/);
    assert.match(none[3]!.stderr, /there is no run "x"/);
    // Without a limit, too.
    assert.equal((await check("not-there", "--stat p95")).code, 125);
    assert.equal((await check("runs.sqlite3", "--where run=x")).code, 125);
  }));

Deno.test("git bisect run finds the commit with dnpc times-between", () =>
  inPlace(async ({ folder, shell }) => {
    // Each commit stands for a run: one without data, two too slow.
    const commits = ["2.6", "none", "2.6", "2.6", "2.5", "2.5"].map(
      (limit) =>
        `echo ${limit} > limit; git commit -q --allow-empty -am "at ${limit}"`,
    );
    const script = [
      "#!/bin/sh",
      "limit=$(cat limit); data=../runs.sqlite3",
      'if [ "$limit" = none ]; then limit=1; data=not-there; fi',
      `exec dnpc times-between $data ${launched} ${received} ` +
      '--stat p95 --fail-above "$limit"',
      "",
    ].join("\n");
    await Deno.writeTextFile(`${folder}/check`, script, { mode: 0o755 });
    const { code, stdout, stderr } = await shell([
      "git init -q repository && cd repository",
      "git config user.email a@b.c; git config user.name a",
      "git config commit.gpgsign false",
      "touch limit; git add limit",
      ...commits,
      "git bisect start HEAD HEAD~5 && git bisect run ../check",
    ].join("\n"));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /is the first bad commit/);
    assert.match(stdout, /^ +at 2\.5$/m);
  }));

Deno.test("dnpc times-between -o draws a chart, and prints its caption", () =>
  inPlace(async ({ folder, shell }) => {
    for (const ending of ["svg", "png", "pdf", "html"]) {
      const { code, stdout, stderr } = await shell(
        `dnpc times-between runs.sqlite3 ${launched} ${received} ` +
          `-o wait.${ending}`,
      );
      assert.equal(code, 0, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, /drew wait\.\w+: 63 tries: mean 1\.244 s/);
      assert.ok(Deno.statSync(`${folder}/wait.${ending}`).size > 10_000);
    }
    assert.match(
      await Deno.readTextFile(`${folder}/wait.svg`),
      /from launched to worker_received_task\?/,
    );
  }));
