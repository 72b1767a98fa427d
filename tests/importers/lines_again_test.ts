import { importLines, type LinePatterns } from "dnpc/importers";
import type { Database } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { events, spans, withLines } from "./line_logs.ts";

const arrived: LinePatterns = {
  time: /^(?<time>\d+\.\d+) /,
  lines: [{ match: /(?<ship>\w+) arrived/, span: "ship", event: "arrived" }],
};
const moored: LinePatterns = {
  time: /^(?<time>\d+\.\d+) /,
  lines: [{ match: /at quay (?<quay>\d)/, span: "quay", event: "taken" }],
};
const text = "1000000000.5 Ida arrived at quay 7\n";

const outcomes = async (
  db: Database,
  path: string,
  patterns: LinePatterns,
  options = {},
) =>
  (await importLines(db, path, patterns, options)).sources
    .map(({ outcome }) => outcome);

Deno.test("importLines() adds nothing for the same file or a copy", () =>
  withLines({ "a.log": text }, arrived, async (db, _, folder) => {
    await Deno.copyFile(`${folder}/a.log`, `${folder}/b.log`);
    assert.deepEqual(await outcomes(db, folder, arrived), [
      "unchanged",
      "unchanged",
    ]);
    assert.deepEqual(events(db), ["1 ship Ida: arrived"]);
  }));

Deno.test("importLines() adds the new lines of a file that has grown", () =>
  withLines(
    { "a.log": text + "1000000001.5 Ada arr" },
    arrived,
    async (db, _, folder) => {
      assert.deepEqual(events(db), ["1 ship Ida: arrived"]);
      await Deno.writeTextFile(
        `${folder}/a.log`,
        text + "1000000001.5 Ada arrived\n",
      );
      assert.deepEqual(await outcomes(db, folder, arrived), ["grown"]);
      assert.deepEqual(events(db), [
        "1 ship Ida: arrived",
        "2 ship Ada: arrived",
      ]);
    },
  ));

Deno.test("importLines() with changed patterns replaces the earlier spans and events", () =>
  withLines({ "a.log": text }, arrived, async (db, _, folder) => {
    assert.deepEqual(await outcomes(db, folder, moored), ["replaced"]);
    assert.deepEqual(events(db), ["1 quay 7: taken"]);
    assert.deepEqual(spans(db), ['quay: {"quay":"7"}']);
    assert.deepEqual(await outcomes(db, folder, moored), ["unchanged"]);
    assert.deepEqual(await outcomes(db, folder, arrived), ["replaced"]);
    assert.deepEqual(events(db), ["1 ship Ida: arrived"]);
    assert.deepEqual(rows(db, "SELECT count(*) FROM source"), [[1]]);
  }));

for (
  const [what, patterns] of Object.entries<LinePatterns>({
    "a time": { ...arrived, time: /^(?<time>\S+) (?<what>.)/ },
    "a flag": {
      ...arrived,
      lines: [{ ...arrived.lines[0]!, match: /(?<ship>\w+) ARRIVED/i }],
    },
    "an event": {
      ...arrived,
      lines: [{ ...arrived.lines[0]!, event: "came" }],
    },
    "attributes": {
      ...arrived,
      lines: [{ ...arrived.lines[0]!, details: ["ship"] }],
    },
    "a function": { ...arrived, seconds: (time) => Number(time) + 1 },
    "the path": { ...arrived, path: /(?<file>\w)\.log$/ },
  })
) {
  Deno.test(`importLines() reads a file again after a change of ${what}`, () =>
    withLines({ "a.log": text }, arrived, async (db, _, folder) => {
      assert.deepEqual(await outcomes(db, folder, patterns), ["replaced"]);
      assert.deepEqual(rows(db, "SELECT count(*) FROM event"), [[1]]);
    }));
}

Deno.test("importLines() reads a file again if its attributes or time zone changed", () =>
  withLines(
    { "a.log": "2001-09-09 03:46:40 Ida arrived\n" },
    { ...arrived, time: /^(?<time>\S+ \S+) / },
    async (db, _, folder) => {
      const time =
        "SELECT time, span.attributes ->> 'port' FROM span JOIN event";
      const patterns = { ...arrived, time: /^(?<time>\S+ \S+) / };
      const options = {
        timeZone: "UTC",
        attributes: { port: "Kiel", dock: 2 },
      };
      assert.deepEqual(await outcomes(db, folder, patterns, options), [
        "replaced",
      ]);
      assert.deepEqual(rows(db, time), [[1000007200, "Kiel"]]);
      const berlin = {
        timeZone: "Europe/Berlin",
        attributes: { dock: 2, port: "Kiel" },
      };
      assert.deepEqual(await outcomes(db, folder, patterns, berlin), [
        "replaced",
      ]);
      assert.deepEqual(rows(db, time), [[1000000000, "Kiel"]]);
      assert.deepEqual(await outcomes(db, folder, patterns, berlin), [
        "unchanged",
      ]);
    },
  ));

Deno.test("importLines() with changed patterns removes the old attributes of a span from several files", () =>
  withLines(
    { "a.log": text, "b.log": "1000000001.5 Ida arrived at quay 8\n" },
    {
      ...arrived,
      lines: [{
        match: /(?<ship>\w+) arrived at quay (?<quay>\d)/,
        span: "ship",
        details: ["quay"],
      }],
    },
    async (db, _, folder) => {
      assert.deepEqual(spans(db), ['ship: {"ship":"Ida","quay":"8"}']);
      assert.deepEqual(await outcomes(db, folder, arrived), [
        "replaced",
        "replaced",
      ]);
      assert.deepEqual(spans(db), ['ship: {"ship":"Ida"}']);
      assert.equal(events(db).length, 2);
    },
  ));

Deno.test("importLines() keeps the events of patterns that have another name", () =>
  withLines({ "a.log": text }, arrived, async (db, _, folder) => {
    const other = { ...moored, name: "quays" };
    assert.deepEqual(await outcomes(db, folder, other), ["imported"]);
    assert.deepEqual(events(db), ["1 ship Ida: arrived", "1 quay 7: taken"]);
    assert.deepEqual(rows(db, "SELECT importer FROM source ORDER BY id"), [
      ["lines"],
      ["quays"],
    ]);
  }));

Deno.test("importLines() with changed patterns deletes the events of all files in one statement", () =>
  withLines(
    { "a.log": text, "b.log": text + text, "c.log": text.repeat(3) },
    arrived,
    async (db, _, folder) => {
      // Each deletion scans all events; one per file would be quadratic.
      let deletions = 0;
      const run = db.run.bind(db);
      db.run = (...args) => {
        if (/DELETE FROM event_row\b/.test(String(args[0]))) deletions++;
        return run(...args);
      };
      const { sources } = await importLines(db, folder, moored);
      assert.ok(sources.every(({ outcome }) => outcome === "replaced"));
      assert.equal(deletions, 1);
      assert.deepEqual(
        rows(db, "SELECT type, line FROM event ORDER BY source_id, line"),
        [
          ...[1, 1, 2, 1, 2, 3].map((line) => ["taken", line]),
        ],
      );
    },
  ));
