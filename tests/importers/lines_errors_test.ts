import { importLines, type LinePatterns } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { inFolder } from "../sql/engines.ts";

const time = /^(?<time>\S+) /;
const line = { match: /(?<ship>\w+)/, span: "ship" };

Deno.test("importLines() names the pattern and the line that take too long", () =>
  inFolder(async (folder) => {
    const text = `1795347184 ${"a".repeat(200)}!\n`;
    await Deno.writeTextFile(`${folder}/ships.log`, `1795347184 Ada\n${text}`);
    using db = await openDatabase();
    const { sources } = await importLines(db, folder, {
      time,
      lines: [{ match: /^(?<ship>(\w+)+)$/, span: "ship" }],
    });
    assert.deepEqual(sources.map(({ outcome }) => outcome), ["failed"]);
    assert.match(
      sources[0]!.error!,
      /^the pattern \/\^\(\?<ship>.* takes too long: .* of line 2, "aaa/,
    );
  }));

// Notebooks are not type-checked, so any value may arrive here.
const wrong: [unknown, RegExp][] = [
  [null, /^the patterns must be an object; it is null$/],
  [
    { lines: [line] },
    /^time must be a regular expression, its text, or "syslog"; it is undefined$/,
  ],
  [
    { time: "^(?<time>.*", lines: [line] },
    /^time is wrong: Invalid regular expression: \/\^\(\?<time>\.\*\/: Unterminated/,
  ],
  [
    { time: /^(\d+)/, lines: [line] },
    /^time has no group named "time": it is \/\^\(\\d\+\)\/, and should be such/,
  ],
  [{ time }, /^lines must be an array of patterns.* it is undefined$/],
  [{ time, lines: [] }, /^lines must be .* it is empty$/],
  [
    { time, lines: [line], zone: "UTC" },
    /^the patterns cannot have "zone": there is time, lines, path, year, seconds, within, name$/,
  ],
  [{ time, lines: [line], name: "" }, /^name must be text that is not empty$/],
  [{ time, lines: [line], seconds: 5 }, /^seconds must be .*; it is number$/],
  [
    { time, lines: [line], path: /(?<event>.*)/ },
    /^path cannot have a group named "event"$/,
  ],
  [
    { time, lines: [line, { match: 5, span: "ship" }] },
    /^lines\[1\]\.match must be a regular expression or its text; it is number$/,
  ],
  [
    { time, lines: [line, { match: "/Ship (/i", span: "ship" }] },
    /^lines\[1\]\.match is wrong: Invalid regular expression: \/Ship \(\/i: /,
  ],
  [
    { time, lines: [{ match: /x/ }] },
    /^lines\[0\]\.span must be .* such as "app\.task"; it is undefined$/,
  ],
  [
    { time, lines: [{ ...line, event: "" }] },
    /^lines\[0\]\.event must be text; it is empty$/,
  ],
  [
    { time, lines: [{ ...line, match: /(?<event>\w+)/, event: "seen" }] },
    /^lines\[0\] names its event twice: event is "seen", and \/\(\?<event>/,
  ],
  [
    { time, lines: [{ ...line, events: "seen" }] },
    /^lines\[0\] cannot have "events": there is match, pairs, span, event, details, metrics$/,
  ],
  [
    { time, lines: [{ ...line, details: "ship" }] },
    /^lines\[0\]\.details must be an array of names; it is text$/,
  ],
  [
    { time, lines: [{ ...line, details: ["crew"] }] },
    /^lines\[0\]\.details has "crew", which is not a group: .* has ship$/,
  ],
  [
    { time, lines: [{ ...line, metrics: { load: ["kg"] } }] },
    /^lines\[0\]\.metrics has "kg", which is not a group: .* has ship$/,
  ],
  [
    {
      time,
      lines: [line, { match: /(?<ship>\w+) (?<quay>\d)/, span: "ship" }],
    },
    /^spans of the type "ship" must be identified alike: by ship in .*, by ship, quay in .*details: \["quay"\]$/,
  ],
];

for (const [patterns, message] of wrong) {
  Deno.test(`importLines() rejects invalid patterns: ${message.source.slice(1, 60)}`, async () => {
    using db = await openDatabase();
    const path = "tests/fixtures/funcx/endpoint.log";
    await assert.rejects(importLines(db, path, patterns as LinePatterns), {
      name: "TypeError",
      message,
    });
    assert.deepEqual([...db.query("SELECT * FROM sqlite_schema")], []);
  });
}

const rejected = (
  text: string,
  patterns: LinePatterns,
  expected: { name: string; message: RegExp },
) =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/a.log`, text);
    using db = await openDatabase();
    await assert.rejects(importLines(db, folder, patterns), expected);
    await assert.rejects(
      importLines(db, `${folder}/a.log`, patterns),
      expected,
    );
  });

Deno.test("importLines() fails if no line has a time", () =>
  rejected("\nfoo 5\nbar\n", { time: /^(?<time>\d+) /, lines: [line] }, {
    name: "TypeError",
    message: /^time, \/.*\/, matches no line of .*\/a\.log, such as "foo 5"$/,
  }));

Deno.test("importLines() fails on an unknown time format", () =>
  rejected(
    "banner\nAug 3 Ida\n",
    { time: /^(?<time>\w+ \d+) /, lines: [line] },
    {
      name: "TypeError",
      message:
        /^the time "Aug 3" in .*\/a\.log has an unknown format: give seconds/,
    },
  ));

Deno.test("importLines() fails if no path matches", () =>
  rejected("1000000000 Ida\n", { time, lines: [line], path: /\.txt$/ }, {
    name: "TypeError",
    message: /^path, \/\\\.txt\$\/, matches no file: .*\/a\.log$/,
  }));

Deno.test("importLines() fails on a missing file and an unknown time zone", async () => {
  using db = await openDatabase();
  const patterns = { time, lines: [line] };
  await assert.rejects(importLines(db, "no/such.log", patterns), {
    name: "NotFound",
    message: /^there is no no\/such\.log \(looked from/,
  });
  await assert.rejects(
    importLines(db, ".", patterns, { timeZone: "Mars/Base" }),
    RangeError,
  );
});

Deno.test("importLines() binds log text as values and never executes it", () =>
  inFolder(async (folder) => {
    const text = `'); DROP TABLE span; -- "\\u0000 ‮ <script>`;
    await Deno.writeTextFile(`${folder}/a.log`, `1000000000 ${text}\n`);
    using db = await openDatabase();
    await importLines(db, folder, {
      time,
      lines: [{ match: /(?<ship>.*)/, span: "ship" }],
    });
    const [span] = db.query("SELECT attributes ->> 'ship' AS ship FROM span");
    assert.equal(span?.ship, text);
  }));
