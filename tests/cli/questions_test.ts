import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { createSchema, openDatabase } from "dnpc/sql";
import { dotOfTypes, quoted } from "../../cli/dot.ts";
import { inCheckout } from "../../tools/checkout.ts";
import { countLines, filesNamed } from "../importers/logs.ts";
import { inPlace, output, rowsOf } from "./shell.ts";

const runinfo = inCheckout("tests", "fixtures", "tz", "runinfo");

/** What monitoring.db itself says. */
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

Deno.test("dnpc spans-in-state --component says how many tasks were in a worker", () =>
  inPlace(async (place) => {
    const rows = rowsOf(
      await output(place, "dnpc spans-in-state runs.sqlite3 --component"),
    );
    const tasks = new Set(
      rows.filter(({ state }) => state === "in a worker")
        .map(({ root_id }) => root_id),
    );
    // Tasks with a try that ran.
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
    const running = steps.find(({ event_type }) => event_type === "running")!;
    const [a, b] = ["before", "after"].map((name) =>
      monitoring(
        `SELECT count(*) AS n FROM (SELECT DISTINCT task_id, try_id
          FROM status WHERE task_status_name = 'running')`,
        `${place.folder}/${name}`,
      )[0]!.n
    );
    assert.equal(running.spans_a, String(a));
    assert.equal(running.spans_b, String(b));
    assert.ok(Number(running.difference) > 2);
    const { code, stderr } = await place.shell(
      "dnpc compare both.sqlite3 000 after",
    );
    assert.equal(code, 3);
    assert.match(stderr, /"000" may be any of 2 runs/);
  }));

Deno.test("dnpc metrics lists what there is, and gives the values of one", () =>
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

Deno.test("dnpc span-types and event-sequences count as the logs do", () =>
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
  }));

Deno.test("dnpc span-graph writes DOT, SVG and PNG", () =>
  inPlace(async (place) => {
    const { folder } = place;
    const dot = await output(place, "dnpc span-graph runs.sqlite3");
    assert.match(dot, /^digraph dnpc \{\n/);
    assert.match(
      dot,
      /"parsl\.rundir\.task" -> "parsl\.rundir\.try" \[label=" 70 "\];/,
    );
    assert.match(
      dot,
      /"parsl\.monitoring\.task" -> "parsl\.rundir\.task" \[label=" 62 ", style=dashed/,
    );
    await output(place, "dnpc span-graph runs.sqlite3 -o g.svg");
    const svg = await Deno.readTextFile(`${folder}/g.svg`);
    assert.match(svg, /<text[^>]*>parsl\.executor\.htex\.worker\.task<\/text>/);
    await output(place, "dnpc span-graph runs.sqlite3 -o g.png");
    const png = await Deno.readFile(`${folder}/g.png`);
    assert.deepEqual(
      [...png.slice(1, 4)],
      [..."PNG"].map((c) => c.charCodeAt(0)),
    );
  }));

Deno.test("dotOfTypes() quotes whatever a type is called", async () => {
  using db = await openDatabase();
  createSchema(db);
  const type = 'a"];\\N\n}\x1b<b>';
  db.run("INSERT INTO span (type, key) VALUES (?, 'x')", [type]);
  const name = '"a\\"];\\\\N\\n}\ufffd<b>"';
  assert.equal(quoted(type), name);
  assert.match(dotOfTypes(db), /\\n1 span"\];\n\}\n$/);
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const svg = (await Graphviz.load()).layout(dotOfTypes(db), "svg", "dot");
  assert.match(svg, /a&quot;\];\\N/);
  assert.doesNotMatch(svg, /<b>/);
});
