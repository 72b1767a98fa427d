import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { importOnce } from "../importers/logs.ts";
import { inPlace, output, type Place, rowsOf } from "./shell.ts";
import { allInTerminal, inTerminal } from "./terminal.ts";

const fixture = (name: string) => inCheckout("tests", "fixtures", name);

/** Answers a command about the two runs of one tarball, imported once. */
const onTwoRuns = (
  work: (
    ask: (line: string) => Promise<Record<string, string>[]>,
    place: Place,
  ) => Promise<void>,
) =>
  inPlace(async (place) => {
    const path = fixture("multi-htex.tar.gz");
    await importOnce({ path }, `${place.folder}/two.sqlite3`);
    const ask = async (line: string) => rowsOf(await output(place, line));
    await work(ask, place);
  });

const total = (rows: readonly Record<string, string>[], column: string) =>
  rows.reduce((sum, row) => sum + Number(row[column]), 0);

Deno.test("dnpc attempts lists what workers received, of one run or executor", () =>
  onTwoRuns(async (ask) => {
    // grep -c "Received executor task" in the logs of the workers of each run.
    const received = { "000": 121, "001": 161 };
    for (const [run, count] of Object.entries(received)) {
      const rows = await ask(`dnpc attempts two.sqlite3 --run ${run}`);
      assert.equal(rows.length, count);
      assert.ok(rows.every((row) => row.run === run));
    }
    const all = await ask("dnpc attempts two.sqlite3 --executor htex_many");
    assert.equal(all.length, 282);
    const packed = await ask(
      `dnpc attempts ${fixture("multi-htex.tar.gz")} --run 000`,
    );
    assert.equal(packed.length, 121);
  }));

// grep -c "exception of type ManagerLost" parsl.log: 3 in each run, all of tasks
// that succeeded later.
Deno.test("dnpc runs and failures say what ran and what failed", () =>
  onTwoRuns(async (ask, place) => {
    const runs = await ask("dnpc runs two.sqlite3");
    assert.deepEqual(
      runs.map(({ run, state, tasks }) => [run, state, tasks]),
      [["000", "ended", "119"], ["001", "ended", "155"]],
    );
    const lost = await ask("dnpc failures two.sqlite3");
    assert.deepEqual(
      lost.filter(({ exception }) => exception === "ManagerLost")
        .map((
          { run, tries, recovered_tasks },
        ) => [run, tries, recovered_tasks]),
      [["000", "3", "3"], ["001", "3", "3"]],
    );
    const table = await output(
      place,
      "dnpc failures two.sqlite3 --run 000 --format table",
    );
    assert.match(
      table,
      /^Run 000\n\d+ tasks failed, \d+ of them because another did;/,
    );
    assert.ok(!table.includes("Traceback (most recent call"));
  }));

Deno.test("dnpc blocks lists the jobs that parsl.log names", () =>
  onTwoRuns(async (ask) => {
    const blocks = await ask("dnpc blocks two.sqlite3");
    assert.deepEqual(
      blocks.map(({ run, block, job, exit_code }) => [
        run,
        block,
        // grep -o "Launched block . with job ID .*" parsl.log
        job,
        // cat submit_scripts/*.ec
        exit_code,
      ]),
      [
        ["000", "0", "10268", "137"],
        ["000", "1", "10278", ""],
        ["001", "0", "12678", "137"],
        ["001", "1", "12688", ""],
        ["001", "2", "13745", ""],
      ],
    );
    assert.equal(total(blocks, "attempts"), 282);
  }));

Deno.test("dnpc worker-time divides all paid time by use, for any group", () =>
  onTwoRuns(async (ask) => {
    const whole = await ask("dnpc worker-time two.sqlite3 --run 001");
    // ls */*/worker_*.log | wc -l
    assert.ok(whole.every(({ workers }) => workers === "12"));
    const paid = Number(whole[0]!.paid_seconds);
    for (const by of ["run", "executor", "block", "node", "app", "worker"]) {
      const rows = await ask(
        `dnpc worker-time two.sqlite3 --run 001 --by ${by}`,
      );
      assert.ok(by in rows[0]!);
      assert.ok(Math.abs(total(rows, "seconds") / paid - 1) < 1e-6, by);
    }
    const blocks = await ask(
      "dnpc worker-time two.sqlite3 --run 001 --by block",
    );
    assert.deepEqual(
      [...new Set(blocks.map(({ block }) => block))],
      ["0", "1", "2"],
    );
  }));

Deno.test("dnpc idle has a row per worker, and dnpc utilisation their sum", () =>
  onTwoRuns(async (ask) => {
    const idle = await ask("dnpc idle two.sqlite3 --run 000");
    assert.equal(idle.length, 8);
    assert.equal(total(idle, "tasks"), 121);
    const [whole] = await ask("dnpc utilisation two.sqlite3 --run 000");
    const close = (column: string, seconds: number) =>
      assert.ok(Math.abs(Number(whole![column]) / seconds - 1) < 1e-6, column);
    close("worker_seconds", total(idle, "life"));
    close("busy_seconds", total(idle, "busy"));
    const nodes = await ask(
      "dnpc utilisation two.sqlite3 --run 000 --by node --per 2",
    );
    close("busy_seconds", total(nodes, "busy_seconds"));
    assert.ok(nodes.every(({ start }) => Number(start) % 2 === 0));
  }));

Deno.test("dnpc utilisation --weight compares the cores of workers and attempts", () =>
  inPlace(async (place) => {
    const [cores] = rowsOf(
      await output(
        place,
        `dnpc utilisation ${fixture("wq-resources.tar.gz")} --weight cores`,
      ),
    );
    // transaction_log: the worker has 4 cores from 25.525 s before the end.
    const { available, used, workers } = cores!;
    assert.equal(workers, "1");
    assert.ok(Math.abs(Number(available) - 4 * 25.525025) < 1e-3, available);
    assert.ok(Number(used) > 0 && Number(used) < Number(available));
  }));

Deno.test("dnpc worker-time shows a summary before the table, other formats do not", () =>
  onTwoRuns(async (_, { folder, shell }) => {
    const asked = "dnpc worker-time two.sqlite3 --run 000";
    const sentence = /^Run 000: 8 workers were there for 114 s in total: /;
    const table = (await shell(`${asked} --format table`)).stdout;
    assert.match(table, sentence);
    assert.match(table, /\n\nrun +use +seconds \(s\) /);
    for (const format of ["csv", "tsv", "json", "ndjson"]) {
      const { stdout, stderr } = await shell(`${asked} --format ${format}`);
      assert.doesNotMatch(stdout + stderr, /workers were there/, format);
    }
    const args = asked.split(" ").slice(1);
    const { code, shown } = await inTerminal(folder, args, { columns: 80 });
    assert.equal(code, 0, shown);
    assert.match(shown, sentence);
  }));

Deno.test("dnpc draws worker time, idle time, utilisation and attempts", () =>
  onTwoRuns(async (_, { folder, shell }) => {
    for (
      const [asked, says] of [
        ["worker-time --by block", / in 2 blocks: /],
        ["idle", /8 workers, busy /],
        ["blocks", /2 blocks in .*Parsl scaled out once, by 2 blocks/s],
        ["utilisation", /^dnpc: .*At most 8 slots, .*% with a task/s],
        ["utilisation --by node", /1 (node|worker), busy /],
        ["attempts", /121 attempts on 8 workers/],
      ] as const
    ) {
      const line = `dnpc ${asked} two.sqlite3 --run 000 -o a.svg`;
      const { code, stderr } = await shell(line);
      assert.equal(code, 0, stderr);
      assert.match(stderr, says, line);
      assert.match(Deno.readTextFileSync(`${folder}/a.svg`), /^<svg /);
    }
    // Each run has a caption of its own, in the chart.
    const { stderr } = await shell("dnpc idle two.sqlite3 -o a.svg");
    assert.equal(stderr, "dnpc: drew a.svg\n");
  }));

Deno.test("a table in a terminal is as wide as the terminal, and names the rest", () =>
  onTwoRuns(async (_, { folder, shell }) => {
    const enough = { attempts: 250, blocks: 250, idle: 250, utilisation: 80 };
    const commands = Object.keys(enough).map((name) => [name, "two.sqlite3"]);
    for (const columns of [60, 80, 250]) {
      const all = await allInTerminal(folder, commands, { columns });
      assert.equal(all.length, commands.length);
      Object.entries(enough).forEach(([command, width], i) => {
        const shown = all[i]!;
        const lines = shown.split("\r\n");
        const widest = Math.max(...lines.map(({ length }) => length));
        assert.ok(widest <= columns, `${command}: ${widest} of ${columns}`);
        assert.equal(/^not shown: /m.test(shown), columns < width, command);
        assert.equal(/^for more: --format csv/m.test(shown), columns < width);
      });
    }
    for (const args of commands) {
      const { stdout } = await shell(`dnpc ${args.join(" ")} --format table`);
      assert.doesNotMatch(stdout, /not shown/);
    }
  }));

Deno.test("a long table in a terminal ends with its summary, too", () =>
  inPlace(async ({ folder }) => {
    const args = ["bottleneck", fixture("flow/workers.tar.gz")];
    const count = async (...more: string[]) => {
      const { shown } = await inTerminal(folder, [...args, ...more]);
      return shown.split("Run 000: bound by the workers").length - 1;
    };
    // The terminal has 40 lines.
    assert.equal(await count("--per", "0.2"), 2);
    assert.equal(await count("--per", "5"), 1);
  }));

Deno.test("dnpc names the runs, executors, groups and weights if it is given others", () =>
  onTwoRuns(async (_, { shell }) => {
    const names = /there is .*"executor".*"node"/;
    for (
      const [asked, says] of [
        ["attempts two.sqlite3 --run none", /no run "none".*000.*001/],
        ["idle two.sqlite3 --run none", /no run "none"/],
        ["blocks two.sqlite3 --run 00", /no run "00"\. Did you mean 000\?/],
        ["idle two.sqlite3 --executor htex", /no executor "htex".*htex_many/],
        ["blocks two.sqlite3 --executor x", /no executor "x".*htex_many/],
        ["worker-time two.sqlite3 --by colour", names],
        ["utilisation two.sqlite3 --by app", names],
        ["utilisation two.sqlite3 --weight cores", /there is "slots"/],
        ["utilisation two.sqlite3 --weight core", /Did you mean cores\?/],
        ["utilisation two.sqlite3 --weight gpus -o a.svg", /counts slots/],
        ["utilisation two.sqlite3 --per soon", /takes a number, not "soon"/],
        ["utilisation two.sqlite3 --per 0", /above (zero|0)/],
      ] as const
    ) {
      const { code, stdout, stderr } = await shell(`dnpc ${asked}`);
      assert.equal(code, 125, asked);
      assert.equal(stdout, "", asked);
      assert.match(stderr, says, asked);
      assert.doesNotMatch(stderr, /fault of dnpc/);
    }
  }));

Deno.test("dnpc durations groups executions, and draws the single ones", () =>
  onTwoRuns(async (ask, { folder, shell }) => {
    const rows = await ask("dnpc durations two.sqlite3 --run 000 --by worker");
    const received = await ask("dnpc attempts two.sqlite3 --run 000");
    assert.equal(
      total(rows, "count") + total(rows, "unfinished"),
      received.length,
    );
    const { stderr } = await shell(
      "dnpc durations two.sqlite3 --by executor -o a.svg",
    );
    assert.match(stderr, /drew a\.svg/);
    assert.ok(Deno.statSync(`${folder}/a.svg`).size > 5_000);
    const events = "--from parsl.rundir.try/launched --to " +
      "parsl.executor.htex.worker.task/worker_received_task";
    const drawn = await shell(
      `dnpc durations two.sqlite3 ${events} --run 001 -o b.svg`,
    );
    assert.match(drawn.stderr, /tries of \d+ apps: .* had not ended/);
    for (
      const [asked, says] of [
        ["--by ap", /no "ap" to group by.* mean app\?/],
        ["--from a/b", /--from and --to belong together/],
        ["--from a --to b", /an event is named TYPE\/EVENT/],
      ] as const
    ) {
      const { code, stderr } = await shell(
        `dnpc durations two.sqlite3 ${asked}`,
      );
      assert.equal(code, 125, asked);
      assert.match(stderr, says, asked);
    }
  }));

Deno.test("dnpc says why it lists no workers or blocks", () =>
  inPlace(async ({ folder, shell }) => {
    const log = fixture("tz/runinfo/000/parsl.log");
    await Deno.copyFile(log, `${folder}/parsl.log`);
    for (const command of ["worker-time", "idle", "attempts", "utilisation"]) {
      const { code, stderr } = await shell(`dnpc ${command} parsl.log`);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /no log (names|shows which) (a )?worker/, command);
    }
    const threads = fixture("workers/threads.tar.gz");
    const { code, stderr } = await shell(`dnpc blocks ${threads}`);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /no log names a block/);
  }));
