import assert from "node:assert/strict";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { openDatabase, type Row } from "dnpc/sql";
import { pathName } from "../../cli/export/tables.ts";
import { inCheckout } from "../../tools/checkout.ts";
import { countLines, filesNamed } from "../importers/logs.ts";
import { inPlace, output, type Place } from "./shell.ts";

interface TraceEvent {
  ph: string;
  name: string;
  pid: number;
  tid: number;
  ts: number;
  dur: number;
  id: string;
  args: Record<string, string | number>;
}

const run = inCheckout("tests", "fixtures", "tz", "runinfo", "000");

async function traceOf(place: Place, data: string): Promise<TraceEvent[]> {
  const text = await output(place, `dnpc export ${data} --to perfetto`);
  return JSON.parse(text).traceEvents;
}

const named = (events: TraceEvent[], kind: string) =>
  new Map(
    events.filter(({ name }) => name === kind)
      .map(({ pid, tid, args }) => [
        kind === "thread_name" ? `${pid}/${tid}` : `${pid}`,
        String(args.name),
      ]),
  );

Deno.test("dnpc export --to perfetto has a track for each worker, with its tasks", () =>
  inPlace(async (place) => {
    const events = await traceOf(place, "runs.sqlite3");
    const processes = named(events, "process_name");
    const threads = named(events, "thread_name");
    const slices = events.filter(({ ph, pid }) =>
      ph === "X" && processes.get(`${pid}`)!.includes("manager cdef75e04b07")
    );
    for (const path of filesNamed(run, /^worker_\d+\.log$/)) {
      const worker = /worker_(\d+)/.exec(path)![1];
      const own = slices.filter(({ pid, tid }) =>
        threads.get(`${pid}/${tid}`) === `worker ${worker}`
      );
      assert.equal(own.length, countLines(path, /Received executor task/));
      // From "Received executor task" to "All processing finished".
      const ids = /Received executor task (\d+)/.exec(
        Deno.readTextFileSync(path),
      )!;
      const first = own.find(({ args }) => args.executor_task === ids[1])!;
      const times = Deno.readTextFileSync(path).split("\n")
        .filter((line) => line.endsWith(` task ${ids[1]}`))
        .map((line) => Date.parse(`${line.slice(0, 23)}-05:00`) * 1000);
      assert.equal(first.ts, times[0]);
      assert.equal(first.ts + first.dur, times.at(-1));
    }
    assert.ok(slices.every(({ dur }) => Number.isInteger(dur) && dur >= 0));
  }));

Deno.test("dnpc export --to perfetto nests what lies on one track", () =>
  inPlace(async (place) => {
    const wq = inCheckout("tests", "fixtures", "wq", "runinfo");
    const events = await traceOf(place, `'${wq}'`);
    const tracks = Object.groupBy(
      events.filter(({ ph }) => ph === "X"),
      ({ pid, tid }) => `${pid}/${tid}`,
    );
    assert.ok(Object.keys(tracks).length > 0);
    for (const slices of Object.values(tracks)) {
      slices!.sort((a, b) => a.ts - b.ts);
      slices!.slice(1).forEach(({ ts }, i) => {
        assert.ok(slices![i]!.ts + slices![i]!.dur <= ts);
      });
    }
  }));

Deno.test("dnpc export --to perfetto opens and ends each try and state, in order", () =>
  inPlace(async (place) => {
    const events = await traceOf(place, "runs.sqlite3");
    const tries = Object.groupBy(
      events.filter(({ ph }) => ph === "b" || ph === "e"),
      ({ id }) => id,
    );
    // sqlite3 monitoring.db "SELECT count(*) FROM try"
    assert.equal(Object.keys(tries).length, 70);
    for (const marks of Object.values(tries)) {
      const open: string[] = [];
      let before = 0;
      for (const { ph, name, ts } of marks!) {
        assert.ok(ts >= before);
        before = ts;
        if (ph === "b") open.push(name);
        else assert.equal(open.pop(), name);
      }
      assert.deepEqual(open, []);
    }
    const failed = Object.values(tries).filter((marks) =>
      marks![0]!.args.ended === "fail_retryable"
    );
    assert.equal(
      failed.length,
      countLines(`${run}/parsl.log`, /marked for retry/),
    );
  }));

Deno.test("dnpc export --to perfetto counts what the manager counted", () =>
  inPlace(async (place) => {
    const events = await traceOf(place, "runs.sqlite3");
    const counts = events.filter(({ ph, name }) =>
      ph === "C" && name === "manager/pending_tasks"
    );
    const [path] = filesNamed(run, /^manager\.log$/);
    assert.equal(counts.length, countLines(path!, /pending tasks: \d/));
    // Only what is wanted.
    const none = JSON.parse(
      await output(
        place,
        "dnpc export runs.sqlite3 --to perfetto --where run=x",
      ),
    );
    assert.deepEqual(none.traceEvents, []);
  }));

async function readParquet(path: string): Promise<Row[]> {
  const file = (await Deno.readFile(path)).buffer;
  return await parquetReadObjects({ file }) as Row[];
}

Deno.test("dnpc export --to parquet has a directory for each run, with the types", () =>
  inPlace(async (place) => {
    await output(place, "dnpc export runs.sqlite3 --to parquet -o p");
    using db = await openDatabase(`${place.folder}/runs.sqlite3`, {
      readOnly: true,
    });
    const [{ id: runId } = {}] = db.query<{ id: string }>(
      "SELECT run_id AS id FROM monitoring_workflow",
    );
    for (const table of ["span", "event", "metric", "monitoring_task"]) {
      const path = `${place.folder}/p/${table}/run=${runId}/part-0.parquet`;
      const rows = await readParquet(path);
      const expected = db.query<Row>(`SELECT * FROM ${table} ORDER BY rowid`);
      assert.equal(rows.length, expected.length, table);
      const plain = rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name,
            typeof value === "bigint" ? Number(value) : value,
          ]),
        )
      );
      assert.deepEqual(plain, expected.map((row) => ({ ...row })));
    }
    const event = await Deno.readFile(
      `${place.folder}/p/event/run=${runId}/part-0.parquet`,
    );
    const types = Object.fromEntries(
      parquetMetadata(event.buffer).schema.slice(1)
        .map((
          { name, type, converted_type },
        ) => [name, converted_type ?? type]),
    );
    assert.deepEqual(types, {
      ...{ id: "INT64", span_id: "INT64", time: "DOUBLE", type: "UTF8" },
      ...{ named: "INT64", attributes: "UTF8", source_id: "INT64" },
      ...{ line: "INT64", offset: "INT64" },
    });
  }));

Deno.test("dnpc export --to parquet --query writes the rows of a query", () =>
  inPlace(async (place) => {
    await output(
      place,
      `dnpc export runs.sqlite3 --to parquet -o q.parquet --query ` +
        `"SELECT type, count(*) AS n, avg(id) AS mean FROM span GROUP BY type; "`,
    );
    const rows = await readParquet(`${place.folder}/q.parquet`);
    const tries = rows.find(({ type }) => type === "parsl.monitoring.try")!;
    assert.equal(tries.n, 70n);
    assert.equal(typeof tries.mean, "number");
  }));

Deno.test("dnpc export --to csv has a file for each table, and no other's", () =>
  inPlace(async (place) => {
    await output(place, "dnpc export runs.sqlite3 --to csv -o c");
    using db = await openDatabase(`${place.folder}/runs.sqlite3`, {
      readOnly: true,
    });
    const tables = db.query<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table'",
    );
    assert.deepEqual(
      [...Deno.readDirSync(`${place.folder}/c`)].map(({ name }) => name).sort(),
      tables.map(({ name }) => `${name}.csv`).sort(),
    );
    const text = await Deno.readTextFile(`${place.folder}/c/subspan.csv`);
    const [{ n } = {}] = db.query("SELECT count(*) AS n FROM subspan");
    assert.equal(text.trimEnd().split("\r\n").length, Number(n) + 1);
    // What lies there already is not mixed with it.
    const { code, stderr } = await place.shell(
      "dnpc export runs.sqlite3 --to csv -o c",
    );
    assert.equal(code, 3);
    assert.match(stderr, /not an empty directory/);
    const typo = await place.shell(
      "dnpc export runs.sqlite3 --to csv -o d --table evnt",
    );
    assert.equal(typo.code, 3);
    assert.match(typo.stderr, /no table evnt\. Did you mean event\?/);
  }));

Deno.test("pathName() makes of any name one that stays where it is put", () => {
  assert.equal(pathName("8b02009a-662b"), "8b02009a-662b");
  assert.equal(pathName("../../etc"), "%2E%2E%2F..%2Fetc");
  assert.equal(pathName("/runs/000"), "%2Fruns%2F000");
  assert.equal(pathName("\0\x1b"), "%00%1B");
  const long = pathName("x".repeat(5000));
  assert.ok(long.length < 255);
  assert.notEqual(long, pathName("x".repeat(5001)));
});
