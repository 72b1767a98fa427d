import assert from "node:assert/strict";
import { openDatabase } from "dnpc/sql";
import { importRuninfo } from "dnpc/importers";
import { inCheckout } from "../../tools/checkout.ts";
import { inPlace, type Place } from "./shell.ts";

const fixtures = (...names: string[]) =>
  inCheckout("tests", "fixtures", ...names);

/** Exports data and imports the result. */
async function exported({ folder, shell }: Place, data: string) {
  const { code, stderr } = await shell(
    `dnpc export '${data}' --to otlp -o out.jsonl`,
  );
  assert.equal(code, 0, stderr);
  const db = await openDatabase();
  await importRuninfo(db, `${folder}/out.jsonl`, { progress: false });
  return db;
}

Deno.test("dnpc export --to otlp gives back the spans, times and nesting of an import", () =>
  inPlace(async (place) => {
    const traces = fixtures("otlp", "traces.jsonl");
    using before = await openDatabase();
    await importRuninfo(before, traces);
    using after = await exported(place, traces);
    for (
      const query of [
        `SELECT span.type, span.key, member.key AS name, member.value, member.type AS kind
         FROM span, json_each(attributes) AS member ORDER BY 2, 3`,
        `SELECT key, event.type, time, event.attributes
         FROM event JOIN span ON span.id = span_id ORDER BY 1, 3, 2`,
        `SELECT o.key AS outer, i.key AS inner FROM subspan
         JOIN span AS o ON o.id = superspan_id
         JOIN span AS i ON i.id = subspan_id ORDER BY 2`,
      ]
    ) {
      const rows = [...before.query(query)];
      assert.ok(rows.length >= 9);
      assert.deepEqual([...after.query(query)], rows);
    }
  }));

Deno.test("dnpc export --to otlp has each span in one that it is in, and links to the others", () =>
  inPlace(async (place) => {
    using db = await exported(place, "runs.sqlite3");
    // In the sqlite3 shell over runs.sqlite3: spans with named events, these
    // events, spans that are in such a span, and all that relates such spans.
    const [row] = db.query(`
      SELECT (SELECT count(*) FROM span) AS spans,
        (SELECT count(*) FROM event WHERE type NOT IN ('start', 'end')) AS events,
        (SELECT count(*) FROM subspan) AS nested,
        (SELECT sum(json_array_length(attributes -> 'links')) FROM span)
          AS links,
        (SELECT count(*) FROM span WHERE attributes ->> 'status' = 'error')
          AS failed`);
    assert.deepEqual(row, {
      spans: 462,
      events: 1117,
      nested: 397,
      links: 917 - 397,
      failed: 22,
    });
    const tasks = db.query(`
      SELECT o.attributes ->> 'dnpc.type' AS outer, count(*) AS count
      FROM subspan JOIN span AS o ON o.id = superspan_id
        JOIN span AS i ON i.id = subspan_id
      WHERE i.attributes ->> 'dnpc.type' = 'parsl.executor.htex.worker.task'
      GROUP BY 1`);
    assert.deepEqual([...tasks], [{ outer: "parsl.rundir.try", count: 63 }]);
  }));

Deno.test("dnpc export --to otlp takes --where, says which spans are left out, and leaves open ends", () =>
  inPlace(async ({ folder, shell }) => {
    const none = await shell(
      "dnpc export runs.sqlite3 --to otlp --where run=x",
    );
    assert.deepEqual([none.code, none.stdout], [125, ""]);
    assert.match(none.stderr, /there is no run "x"\. The run is 000/);
    const lines = [
      { ph: "B", name: "open", pid: 1, tid: 2, ts: 1.5 },
      { ph: "X", name: "shut", pid: 1, tid: 2, ts: 2, dur: 0.25 },
    ];
    await Deno.writeTextFile(`${folder}/my.json`, JSON.stringify(lines));
    const { stdout, stderr } = await shell("dnpc export my.json --to otlp");
    // The process and the thread.
    assert.match(stderr, /left out 2 spans without a named event/);
    const spans = stdout.trimEnd().split("\n")
      .map((line) => JSON.parse(line).resourceSpans[0].scopeSpans[0].spans[0]);
    assert.deepEqual(
      spans.map(({ name, startTimeUnixNano: start, endTimeUnixNano: end }) => [
        name,
        start,
        end,
      ]),
      [["open", "1500", undefined], ["shut", "2000", "2250"]],
    );
    assert.equal(spans[1].parentSpanId, spans[0].spanId);
  }));

Deno.test("dnpc export --to perfetto gives traces that dnpc imports", () =>
  inPlace(async ({ folder, shell }) => {
    await shell("dnpc export runs.sqlite3 --to perfetto -o trace.json");
    const { traceEvents } = JSON.parse(
      await Deno.readTextFile(`${folder}/trace.json`),
    );
    const counted = (...phases: string[]) =>
      traceEvents.filter(({ ph }: { ph: string }) => phases.includes(ph))
        .length;
    using db = await openDatabase();
    await importRuninfo(db, `${folder}/trace.json`, { progress: false });
    assert.deepEqual(
      db.query(`
        SELECT count(*) AS slices, (SELECT count(*) FROM metric) AS counts,
          (SELECT count(*) FROM event WHERE type = 'end') AS ends
        FROM span WHERE type = 'chrome.slice'`)[0],
      {
        slices: counted("X", "B", "b"),
        counts: counted("C"),
        ends: counted("X", "E", "e"),
      },
    );
  }));
