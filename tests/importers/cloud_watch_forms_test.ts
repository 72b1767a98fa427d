import { strict as assert } from "node:assert";
import { importCloudWatch, importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { entries, fixture, row, withExports } from "./cloud_watch.ts";
import { rows } from "./databases.ts";

const event = (number: number, message: unknown) => ({
  logStreamName: `stream-${number}`,
  timestamp: 1659518800123 + number,
  message,
  ingestionTime: 1659518801000,
  eventId: "3".repeat(56),
});

Deno.test("importCloudWatch() reads the output of filter-log-events", () =>
  withExports(
    {
      "events.json": JSON.stringify({
        events: [event(1, '{"log": "{\\"a\\": 1}\\n"}'), event(2, "plain\n")],
        searchedLogStreams: [],
      }),
    },
    {},
    (db) => {
      assert.deepEqual(entries(db), [{
        a: 1,
        "@logStream": "stream-1",
        "@timestamp": 1659518800124,
        "@ingestionTime": 1659518801000,
      }, {
        message: "plain",
        "@logStream": "stream-2",
        "@timestamp": 1659518800125,
        "@ingestionTime": 1659518801000,
      }]);
      assert.deepEqual(
        rows(db, "SELECT time FROM log_record").flat(),
        [1659518800.124, 1659518800.125],
      );
    },
  ));

/** Other export formats of the same record. */
const forms: Record<string, string> = {
  "get-log-events": JSON.stringify({
    events: [{ timestamp: 1659518800123, message: '{"a": 1}' }],
    nextForwardToken: `f/${"1".repeat(56)}/s`,
  }),
  "results after the status": JSON.stringify({
    status: "Complete",
    statistics: { recordsMatched: 1 },
    results: [row('{"a": 1}')],
  }),
  "results after a byte order mark": `\ufeff${
    JSON.stringify({ results: [row('{"a": 1}')] })
  }`,
  "results without statistics or status": JSON.stringify([row('{"a": 1}')]),
  "the console": JSON.stringify([{
    "@timestamp": "2022-08-03 09:26:40.123",
    "@message": { a: 1 },
  }]),
  "results of a query that selects members": JSON.stringify({
    results: [[
      { field: "@timestamp", value: "2022-08-03 09:26:40.123" },
      { field: "a", value: "1" },
      { field: "@ptr", value: "x" },
    ]],
  }),
};

for (const [form, text] of Object.entries(forms)) {
  Deno.test(`importCloudWatch() reads ${form}`, () =>
    withExports({ "x.json": text }, {}, (db, { sources }) => {
      assert.deepEqual(
        rows(db, "SELECT line, time, entry ->> 'a' FROM log_record")
          .map((values) => values.map(Number)),
        [[1, 1659518800.123, 1]],
      );
      assert.equal(sources[0]!.malformed, 0);
      assert.equal(sources[0]!.error, undefined);
    }));
}

Deno.test("importCloudWatch() reads concatenated exports in one file", () => {
  const page = (message: string) =>
    JSON.stringify({ results: [row(message), row(message)] }, null, 2);
  return withExports(
    { "pages.json": `${page("one")}\n${page("two")}\n` },
    {},
    (db, { sources }) => {
      assert.equal(sources[0]!.error, undefined);
      assert.deepEqual(
        rows(db, "SELECT line, entry ->> 'message' FROM log_record"),
        [[1, "one"], [2, "one"], [3, "two"], [4, "two"]],
      );
    },
  );
});

Deno.test("importCloudWatch() finds exports below a directory by their content", () => {
  const text = Deno.readTextFileSync(fixture);
  return withExports(
    {
      "a/insights.txt": text,
      "a/other.json": '{"status": "ok", "results": [{"a": 1}]}',
      "a/none.json": '{"results": []}',
      "a/README": "text",
      "nothing.json":
        '{"results": [], "statistics": {"recordsMatched": 0.0}, "status": "Complete"}',
    },
    {},
    async (db, { sources }, folder) => {
      assert.deepEqual(
        sources.map((
          { path, lines },
        ) => [path.slice(folder.length + 1), lines]),
        [["nothing.json", 0], ["a/insights.txt", 60]],
      );
      const packed = `${folder}/packed`;
      for (const [name, ...args] of [["x.tar", "-cf"], ["x.tgz", "-czf"]]) {
        await Deno.mkdir(packed, { recursive: true });
        await new Deno.Command("tar", {
          args: [...args, `${packed}/${name}`, "-C", folder, "a"],
        }).output();
      }
      const again = await importCloudWatch(db, packed);
      assert.deepEqual(
        again.sources.map(({ outcome }) => outcome),
        ["unchanged", "unchanged"],
      );
      // importRuninfo() does not treat an export as a run log.
      const { sources: none } = await importRuninfo(db, `${folder}/a`);
      assert.deepEqual(none, []);
    },
  );
});

Deno.test("importCloudWatch() reports a missing option, format or file", async () => {
  using db = await openDatabase();
  await assert.rejects(
    importCloudWatch(db, fixture, { span: "a" }),
    /identity/,
  );
  await assert.rejects(
    importCloudWatch(db, "README.md"),
    { name: "TypeError", message: /README\.md is not a CloudWatch export/ },
  );
  await assert.rejects(
    importCloudWatch(db, "nowhere"),
    { name: "NotFound" },
  );
});
