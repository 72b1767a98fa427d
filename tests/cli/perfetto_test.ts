import assert from "node:assert/strict";
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
  const text = await output(place, `dnpc export '${data}' --to perfetto`);
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

Deno.test("dnpc export --to perfetto nests the slices of a track", () =>
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

Deno.test("dnpc export --to perfetto begins and ends each try and state, in order", () =>
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

Deno.test("dnpc export --to perfetto has counters with the manager's metrics", () =>
  inPlace(async (place) => {
    const events = await traceOf(place, "runs.sqlite3");
    const counts = events.filter(({ ph, name }) =>
      ph === "C" && name === "manager/pending_tasks"
    );
    const [path] = filesNamed(run, /^manager\.log$/);
    assert.equal(counts.length, countLines(path!, /pending tasks: \d/));
    // --where selects the spans.
    const none = JSON.parse(
      await output(
        place,
        "dnpc export runs.sqlite3 --to perfetto --where task=x",
      ),
    );
    assert.deepEqual(none.traceEvents, []);
  }));

Deno.test("dnpc export --to perfetto names tasks of a queue by category and number", () =>
  inPlace(async (place) => {
    const logs = inCheckout("tests", "fixtures", "taskvine", "lnni");
    const events = await traceOf(place, logs);
    const names = events.filter(({ ph }) => /[XB]/.test(ph))
      .map(({ name }) => name);
    // awk '$3 == "TASK" && $5 == "RUNNING" && $4 < 1501 { print $4 }'
    assert.deepEqual(
      names,
      [970, 1337, 1119, 1437, 81, 320, 594]
        .map((task) => `parsl-default ${task}`),
    );
  }));

Deno.test("dnpc export --to perfetto shows each attempt on the worker that ran it", () =>
  inPlace(async (place) => {
    const lines = [
      "10 TASK 1 READY default FIRST_RESOURCES 1 {}",
      "11 WORKER worker-a CONNECTION 10.0.0.1:40001",
      "12 TASK 1 RUNNING worker-a  FIRST_RESOURCES {}",
      "15 WORKER worker-a DISCONNECTION FAILURE",
      "15 TASK 1 READY default FIRST_RESOURCES 2 {}",
      "16 WORKER worker-b CONNECTION 10.0.0.2:40001",
      "20 TASK 1 RUNNING worker-b  FIRST_RESOURCES {}",
      "30 TASK 1 WAITING_RETRIEVAL worker-b",
    ].map((line) => line.replace(" ", "00000000000000 42 "));
    await Deno.writeTextFile(
      `${place.folder}/my.tr.log`,
      lines.join("\n") + "\n",
    );
    const events = await traceOf(place, "my.tr.log");
    const threads = named(events, "thread_name");
    assert.deepEqual(
      events.filter(({ ph }) => ph === "X").map(({ pid, tid, ts, dur }) => [
        threads.get(`${pid}/${tid}`),
        ts / 1e14,
        dur / 1e14,
      ]),
      [["worker-a", 12, 3], ["worker-b", 20, 10]],
    );
  }));
