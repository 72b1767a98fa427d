import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { inCheckout } from "../../tools/checkout.ts";
import { countLines, filesNamed } from "../importers/logs.ts";
import { inPlace, output, rowsOf } from "./shell.ts";

const runinfo = inCheckout("tests", "fixtures", "tz", "runinfo");

/** Queries monitoring.db directly. */
function monitoring(
  query: string,
  folder = runinfo,
): Record<string, unknown>[] {
  using db = new DatabaseSync(`${folder}/monitoring.db`, { readOnly: true });
  return db.prepare(query).all();
}

Deno.test("dnpc spans-in-state gives the states that monitoring.db has", () =>
  inPlace(async (place) => {
    const rows = rowsOf(
      await output(
        place,
        "dnpc spans-in-state runs.sqlite3 parsl.monitoring.try",
      ),
    );
    // Parsl of 2023 writes each dep_fail twice.
    const expected = monitoring(`
      SELECT task_status_name AS state, count(*) AS n FROM (
        SELECT DISTINCT task_id, try_id, task_status_name FROM status)
      GROUP BY state ORDER BY state`);
    const counts = Object.groupBy(rows, ({ state }) => state!);
    assert.deepEqual(
      Object.keys(counts).sort()
        .map((state) => ({ state, n: counts[state]!.length })),
      expected.map((row) => ({ ...row })),
    );
  }));

Deno.test("dnpc spans-in-state --places counts the tasks that were in a worker", () =>
  inPlace(async (place) => {
    const rows = rowsOf(
      await output(place, "dnpc spans-in-state runs.sqlite3 --places"),
    );
    const tasks = new Set(
      rows.filter(({ state }) => state === "in a worker")
        .map(({ root_id }) => root_id),
    );
    // Tasks with a try in state running.
    const [{ n } = {}] = monitoring(`SELECT count(DISTINCT task_id) AS n
      FROM status WHERE task_status_name = 'running'`);
    assert.equal(tasks.size, n);
  }));

Deno.test("dnpc compare finds how much slower a step of another run is", () =>
  inPlace(async (place) => {
    await output(place, "dnpc import before after -o both.sqlite3 -q");
    const steps = rowsOf(
      await output(
        place,
        "dnpc compare both.sqlite3 before/000 after/000 " +
          "--root parsl.monitoring.try --event launched --event running",
      ),
    );
    const running = steps.find(({ step }) => step === "until running")!;
    const [a, b] = ["before", "after"].map((name) =>
      monitoring(
        `SELECT count(*) AS n FROM (SELECT DISTINCT task_id, try_id
          FROM status WHERE task_status_name IN ('launched', 'running'))`,
        `${place.folder}/${name}`,
      )[0]!.n
    );
    assert.equal(running.baseline_tasks, String(a));
    assert.equal(running.tasks, String(b));
    assert.ok(Number(running.difference) > 2);
    const { code, stderr } = await place.shell(
      "dnpc compare both.sqlite3 000 after",
    );
    assert.equal(code, 125);
    assert.match(stderr, /"000" matches 2 runs/);
  }));

Deno.test("dnpc critical-path says which task ended last, and why so late", () =>
  inPlace(async (place) => {
    const said = await output(
      place,
      "dnpc critical-path runs.sqlite3 --summary --no-header",
    );
    // From parsl.log: the last "completed" or "failed" line of a task, minus the
    // first line; and "Task 52 submitted" minus that.
    assert.match(
      said,
      /: task 52 \(badshell\) ended 5\.73 s after the start; it waited for no other\. It was 5\.13 s \(90%\) before submission/,
    );
    const [row, ...others] = rowsOf(
      await output(place, "dnpc critical-path runs.sqlite3"),
    );
    assert.deepEqual([row!.task, row!.tries, others.length], ["52", "3", 0]);
    const one = rowsOf(
      await output(place, "dnpc critical-path runs.sqlite3 --task 3"),
    );
    assert.equal(one.at(-1)!.task, "3");
  }));

Deno.test("dnpc story finds a task's lines in every log", () =>
  inPlace(async (place) => {
    const rows = rowsOf(
      await output(place, "dnpc story runs.sqlite3 executor_task=1"),
    );
    assert.ok(rows.length > 0);
    for (
      const [name, pattern] of [
        ["worker_0.log", /task 1$/],
        ["interchange.log", /Removing task 1 from manager/],
      ] as const
    ) {
      const [path] = filesNamed(runinfo, new RegExp(`^${name}$`));
      const lines = Deno.readTextFileSync(path!).split("\n")
        .flatMap((line, i) => pattern.test(line) ? [`${i + 1}`] : []);
      const found = rows.filter((row) => row.path!.endsWith(`/${name}`))
        .map(({ line }) => line!);
      assert.ok(lines.length > 0);
      assert.deepEqual(lines.filter((line) => !found.includes(line)), [], name);
    }
    const largest = rows.filter(({ largest }) => largest === "1");
    const most = Math.max(...rows.map(({ gap }) => Number(gap)));
    assert.deepEqual(largest.map(({ gap }) => Number(gap)), [most]);
    const none = await place.shell("dnpc story runs.sqlite3 task=none");
    assert.deepEqual([none.code, none.stdout], [125, ""]);
    // grep -c "submitted for App" parsl.log
    assert.match(
      none.stderr,
      /there is no task "none": there are 62, from 0 to 61/,
    );
    const unknown = await place.shell("dnpc story runs.sqlite3 colour=red");
    assert.equal(unknown.code, 125);
    assert.match(unknown.stderr, /colour/);
    const wrong = await place.shell("dnpc story runs.sqlite3 358");
    assert.equal(wrong.code, 125);
    assert.match(wrong.stderr, /NAME=VALUE, as task=3, not "358"/);
  }));

Deno.test("dnpc story reads as text, and dnpc lines shows a line that it names", () =>
  inPlace(async (place) => {
    const text = await output(
      place,
      "dnpc story runs.sqlite3 task=41 run=000 --format table",
    );
    assert.match(
      text,
      /^Run 000, task 41, app always_fails\nFailed after .*: ValueError: task 0/,
    );
    assert.ok(text.split("\n").every((line) => line.length <= 80));
    assert.match(
      text.replace(/\s+/g, " "),
      /Task 41 failed after 2 retry attempts \(parsl\.log:999; also monitoring\) Traceback/,
    );
    const shown = await output(
      place,
      "dnpc lines runs.sqlite3 parsl.log:999 --context 1 --format table",
    );
    // sed -n 998,1000p parsl.log
    assert.match(
      shown.replace(/\s+/g, " "),
      / 998 1795347188\.915442 .*▸ 999 .*retry attempts 1000 Traceback/,
    );
    const volume = rowsOf(
      await output(place, "dnpc log-volume runs.sqlite3 --by task --run 000"),
    );
    assert.deepEqual(
      new Set(volume.map(({ run }) => run)),
      new Set(["", "000"]),
    );
  }));

Deno.test("dnpc bottleneck gives bins, and sums them up in words", () =>
  inPlace(async (place) => {
    const flow = inCheckout("tests", "fixtures", "flow");
    const workers = `dnpc bottleneck ${flow}/workers.tar.gz`;
    const rows = rowsOf(await output(place, `${workers} --per 1`));
    // A row for each second of the 24.7 s, whose bins begin at whole seconds.
    assert.equal(rows.length, 26);
    assert.ok(rows.slice(1, -3).every(({ bound }) => bound === "workers"));
    // The same words as queues.py has the seconds of.
    assert.equal(
      await output(place, `${workers} --summary --no-header`),
      "Run 000: bound by the workers for 94% of its 24.7 s, 32% without a " +
        "worker; by submission for 5%; by dispatch for 1%.\n",
    );
    const chart =
      `dnpc bottleneck ${flow}/submission.tar.gz --run 000 -o a.svg`;
    assert.match(
      (await place.shell(chart)).stderr,
      /drew a\.svg: Of 25\.66 s, bound by submission for 63%/,
    );
    assert.match(
      await output(place, `${workers} --format table`),
      /^Run 000: bound by the workers for 94% .*\n\nrun /,
    );
    const none = await place.shell("dnpc bottleneck runs.sqlite3 --run none");
    assert.equal(none.code, 125);
    assert.match(none.stderr, /there is no run "none"/);
  }));

Deno.test("dnpc coverage counts the tries that a worker logged", () =>
  inPlace(async (place) => {
    const rows = rowsOf(await output(place, "dnpc coverage runs.sqlite3"));
    const of = (event: string) =>
      rows.find(({ event_type }) => event_type === event)!;
    const [{ n } = {}] = monitoring("SELECT count(*) AS n FROM try");
    const received = filesNamed(runinfo, /^worker_\d+\.log$/)
      .reduce((sum, path) => sum + countLines(path, /Received executor/), 0);
    const { tries, having } = of("worker_received_task");
    assert.deepEqual([tries, having], [String(n), String(received)]);
    assert.equal(of("interchange_queued").share, "0");
  }));

Deno.test("dnpc metrics lists all metrics, or gives the values of one", () =>
  inPlace(async (place) => {
    const overview = rowsOf(await output(place, "dnpc metrics runs.sqlite3"));
    const waiting = overview.find(({ family, name }) =>
      family === "manager" && name === "pending_tasks"
    );
    const lines = filesNamed(runinfo, /^manager\.log$/)
      .reduce((sum, path) => sum + countLines(path, /pending tasks: \d/), 0);
    assert.equal(waiting!.values, String(lines));
    const values = rowsOf(
      await output(
        place,
        "dnpc metrics runs.sqlite3 manager/pending_tasks --show manager",
      ),
    );
    assert.equal(values.length, lines);
    assert.ok(values.every(({ manager }) => manager === "cdef75e04b07"));
    const [{ n } = {}] = monitoring(
      "SELECT count(*) AS n FROM resource WHERE task_id = 0",
    );
    const memory = await output(
      place,
      "dnpc metrics runinfo psutil_process_memory_resident --where task=0",
    );
    assert.equal(rowsOf(memory).length, n);
    const { code, stderr } = await place.shell(
      "dnpc metrics runs.sqlite3 pending_task",
    );
    assert.equal(code, 0);
    assert.match(stderr, /Did you mean pending_tasks\?/);
  }));

Deno.test("dnpc metrics takes the label of a run", () =>
  inPlace(async (place) => {
    const [{ n } = {}] = monitoring("SELECT count(*) AS n FROM resource");
    const command = "dnpc metrics runs.sqlite3 psutil_process_memory_resident";
    for (const option of ["--where run=000", "--run 000"]) {
      const values = await output(place, `${command} ${option}`);
      assert.equal(rowsOf(values).length, n);
    }
    const other = await place.shell(`${command} --run 001`);
    assert.equal(other.code, 125);
    assert.match(other.stderr, /no run "001"\. Did you mean 000\?/);
  }));

Deno.test("dnpc span-types and event-sequences agree with counts from the logs", () =>
  inPlace(async (place) => {
    const types = rowsOf(await output(place, "dnpc span-types runs.sqlite3"));
    const spans = Object.fromEntries(
      types.map(({ type, spans }) => [type, spans]),
    );
    const [{ tasks, tries } = {}] = monitoring(`SELECT
      (SELECT count(*) FROM task) AS tasks, (SELECT count(*) FROM try) AS tries`);
    assert.equal(spans["parsl.monitoring.task"], String(tasks));
    assert.equal(spans["parsl.monitoring.try"], String(tries));
    const steps = rowsOf(
      await output(
        place,
        "dnpc event-sequences runs.sqlite3 parsl.executor.htex.worker.task " +
          "--percentile 99 --span-type parsl.executor.htex.worker.task",
      ),
    );
    assert.deepEqual(
      steps.map(({ event_type, spans }) => `${event_type} ${spans}`),
      [
        "worker_received_task 63",
        "worker_completed_task 63",
        "worker_all_finished_task 63",
      ],
    );
    assert.ok("since_start_p99" in steps[0]!);
    const drawn = await output(
      place,
      "dnpc event-sequences runs.sqlite3 parsl.executor.htex.worker.task -o a.svg",
    );
    assert.equal(drawn, "");
    assert.match(
      Deno.readTextFileSync(`${place.folder}/a.svg`),
      /Where does the time of a typical executor task go\?/,
    );
  }));
