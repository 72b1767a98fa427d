import { nestedSpans } from "dnpc/questions";
import { strict as assert } from "node:assert";
import {
  importLines,
  importMonitoringDb,
  type ImportOptions,
  importParslLog,
  importRuninfo,
  parslRules,
} from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import { descLogs, headJsonLogs, tzLogs, withFiles } from "./logs.ts";

const rules = [...parslRules, { context: "campaign" }];

const outcomes = async (
  db: Database,
  path: string,
  attributes: ImportOptions["attributes"] = {},
  importFrom = importRuninfo,
) => {
  const options = { attributes, rules, timeZone: "America/New_York" };
  const { sources } = await importFrom(db, path, options);
  return [...new Set(sources.map(({ outcome }) => outcome))];
};

const spansWithoutContexts = "span WHERE type NOT LIKE 'context.%'";
const attributeCounts = (db: Database, name: string) =>
  rows(
    db,
    `SELECT attributes ->> '${name}', count(*) FROM ${spansWithoutContexts} GROUP BY 1`,
  );
const identities = (db: Database) =>
  rows(db, `SELECT id, type, key FROM ${spansWithoutContexts} ORDER BY id`);

for (const { name, path } of [tzLogs, descLogs, headJsonLogs]) {
  Deno.test(`importRuninfo() changes the attributes of existing spans [${name}]`, async () => {
    using db = await openDatabase();
    assert.deepEqual(await outcomes(db, path), ["imported"]);
    const spans = identities(db);
    const events = rows(db, "SELECT * FROM event ORDER BY id");
    for (
      const [attributes, campaign] of [
        [{ campaign: "spring", site: 'a "b"' }, "spring"],
        [{ site: "c", campaign: "autumn" }, "autumn"],
        [{ "other.name": 5 }, null],
        [{ campaign: "spring" }, "spring"],
      ] as const
    ) {
      assert.deepEqual(await outcomes(db, path, attributes), ["relabelled"]);
      assert.deepEqual(await outcomes(db, path, attributes), ["unchanged"]);
      // Without options.attributes, the earlier attributes stay.
      assert.deepEqual(await outcomes(db, path), ["unchanged"]);
      assert.deepEqual(attributeCounts(db, "campaign"), [[
        campaign,
        spans.length,
      ]]);
      assert.deepEqual(identities(db), spans);
      // Itself, and at any depth all others.
      const inCampaign = () => db.query(nestedSpans("context.campaign")).length;
      if (campaign) assert.equal(inCampaign(), 1 + spans.length);
      else assert.throws(inCampaign, /there is no type of span/);
    }
    assert.deepEqual(attributeCounts(db, "site"), [[null, spans.length]]);
    assert.deepEqual(rows(db, "SELECT * FROM event ORDER BY id"), events);
    // The result equals a fresh import with the last attributes.
    using fresh = await openDatabase();
    await outcomes(fresh, path, { campaign: "spring" });
    const all = `SELECT type, key, json(attributes) FROM span ORDER BY 1, 2`;
    const sorted = (db: Database) =>
      rows(db, all).map(([type, key, attributes]) => [
        type,
        key,
        Object.entries(JSON.parse(String(attributes))).sort(),
      ]);
    assert.deepEqual(sorted(db), sorted(fresh));
  });
}

Deno.test("importRuninfo() changes the attributes of spans that a tarball repeats", () =>
  inFolder(async (folder) => {
    const tarball = `${folder}/tz.tgz`;
    const { success } = await new Deno.Command("tar", {
      args: ["czf", tarball, "-C", tzLogs.path, "."],
    }).output();
    assert.ok(success);
    using db = await openDatabase();
    await outcomes(db, tzLogs.path, { campaign: "spring" });
    const spans = identities(db);
    assert.deepEqual(await outcomes(db, tarball, { campaign: "autumn" }), [
      "relabelled",
    ]);
    assert.deepEqual(attributeCounts(db, "campaign"), [[
      "autumn",
      spans.length,
    ]]);
    assert.deepEqual(identities(db), spans);
  }));

Deno.test("importMonitoringDb() changes the attributes of existing spans", async () => {
  using db = await openDatabase();
  const path = `${tzLogs.path}/monitoring.db`;
  for (const campaign of ["spring", "autumn"]) {
    await outcomes(db, path, { campaign }, importMonitoringDb);
  }
  const count = identities(db).length;
  assert.deepEqual(attributeCounts(db, "campaign"), [["autumn", count]]);
  assert.deepEqual(
    await outcomes(db, path, { campaign: "autumn" }, importMonitoringDb),
    ["unchanged"],
  );
});

const line = (second: number, message: string) =>
  `179534404${second}.000000 2026-11-22 10:40:4${second} ` +
  `MainProcess-1 MainThread-1 parsl.dataflow.dflow:1 submit INFO: ${message}\n`;
const first = line(0, "Run id is: one") +
  line(1, "Task 5 will not be memoized");

Deno.test("importParslLog() keeps or changes the attributes of all spans of a grown log", () =>
  withFiles(
    { "000/parsl.log": first },
    async (db, _, folder) => {
      const path = `${folder}/000/parsl.log`;
      const grow = (second: number) =>
        Deno.writeTextFile(
          path,
          line(second, `Task ${second} will not be memoized`),
          { append: true },
        );
      await grow(2);
      assert.deepEqual(await outcomes(db, path, {}, importParslLog), ["grown"]);
      assert.deepEqual(attributeCounts(db, "campaign"), [["spring", 3]]);
      await grow(3);
      assert.deepEqual(
        await outcomes(db, path, { campaign: "autumn" }, importParslLog),
        ["grown"],
      );
      assert.deepEqual(attributeCounts(db, "campaign"), [["autumn", 4]]);
      assert.deepEqual(
        await outcomes(db, path, { campaign: "autumn" }, importParslLog),
        ["unchanged"],
      );
    },
    { attributes: { campaign: "spring" }, timeZone: "UTC" },
  ));

Deno.test("importRuninfo() keeps the value of a source if options.attributes has the same name", () =>
  withFiles(
    {
      "000/parsl.log": first +
        line(
          2,
          "Task 5 submitted for App bottom, not waiting on any dependency",
        ),
    },
    async (db, _, folder) => {
      const before = attributeCounts(db, "app");
      assert.deepEqual(before, [[null, 1], ["bottom", 1]]);
      for (const app of ["spring", "autumn"]) {
        assert.deepEqual(await outcomes(db, folder, { app }), ["relabelled"]);
        assert.deepEqual(
          attributeCounts(db, "app").sort(),
          [["bottom", 1], [app, 1]].sort(),
        );
      }
    },
  ));

Deno.test("importLines() replaces the spans of one file by options.attributes and keeps those of other files", () =>
  withFiles({
    "a.log": "1000000000.5 Ida arrived\n",
    "b.log": "1000000001.5 Ida arrived\n",
  }, async (db, _, folder) => {
    const patterns = {
      time: /^(?<time>\d+\.\d+) /,
      lines: [{
        match: /(?<ship>\w+) arrived/,
        span: "ship",
        event: "arrived",
      }],
    };
    await importLines(db, folder, patterns, { attributes: { port: "Kiel" } });
    const { sources } = await importLines(db, `${folder}/a.log`, patterns, {
      attributes: { port: "Riga" },
    });
    assert.equal(sources[0]!.outcome, "replaced");
    const ports = "SELECT attributes ->> 'port', key FROM span ORDER BY 1";
    assert.deepEqual(rows(db, ports), [["Kiel", "Kiel/Ida"], [
      "Riga",
      "Riga/Ida",
    ]]);
  }));

Deno.test("importers refuse attributes whose names identify spans", async () => {
  using db = await openDatabase();
  const wq = "tests/fixtures/wq/runinfo";
  for (const name of ["run", "rundir", "task", "executor_task", "worker"]) {
    const options = { attributes: { [name]: "5" } };
    const refused = {
      name: "TypeError",
      message: `the attribute "${name}" identifies spans, and only logs set ` +
        `it: choose another name, such as "my_${name}"`,
    };
    await assert.rejects(importRuninfo(db, wq, options), refused);
    const file = `${wq}/monitoring.db`;
    await assert.rejects(importMonitoringDb(db, file, options), refused);
    const log = `${wq}/000/parsl.log`;
    await assert.rejects(importParslLog(db, log, options), refused);
  }
});
