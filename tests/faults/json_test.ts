import { strict as assert } from "node:assert";
import { importCloudWatch, importJsonLog, importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { headJsonLogs, obsLogs, writeFiles } from "../importers/logs.ts";
import { rows } from "../importers/databases.ts";
import { inFolder } from "../sql/engines.ts";
import { figures, times } from "./figures.ts";
import { assertReadableReason } from "./readable.ts";

const counted = figures("JSON that is hostile");

const deep = (depth: number, open: string, close: string) =>
  open.repeat(depth) + "1" + close.repeat(depth);

/** JSON values that no logging program would write. */
const values: readonly string[] = [
  "null",
  "true",
  "-1",
  "1e999",
  "-1e999",
  "1e-999",
  "1000000000000000001",
  "9".repeat(400),
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"\\u202e\\ufeff"',
  '"Robert\'); DROP TABLE span;--"',
  '"__proto__"',
  "[]",
  "[[1,2],3]",
  "{}",
  '{"toString":1,"valueOf":2}',
  '{"toString":null,"length":-1}',
  '{"__proto__":{"toString":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"then":1,"toJSON":1}',
  deep(900, "[", "]"),
  deep(900, '{"a":', "}"),
  deep(100_000, "[", "]"),
  deep(100_000, '{"__proto__":', "}"),
];

/** Keys that importers read, and names of Object.prototype. */
const names: readonly string[] = (
  "created timestamp @timestamp time asctime formatted msg message name " +
  "levelname metric value process processName threadName wrap_id " +
  "parsl_task_id parsl_try_id parsl_executor parsl_dfk parsl.task " +
  "parsl.task_state parsl.try htex_task_id parsl.workflow_info.time_began " +
  "manager_id block_id log __proto__ constructor toString hasOwnProperty " +
  "length"
).split(" ");

/** A record with one member set to each of the values, and duplicated. */
function hostile(record: Record<string, unknown>): string[] {
  const rest = (name: string) =>
    JSON.stringify(
      Object.fromEntries(Object.entries(record).filter(([n]) => n !== name)),
    ).slice(1, -1);
  return names.flatMap((name) =>
    values.flatMap((value) => {
      const member = `${JSON.stringify(name)}:${value}`;
      // Deep nesting is slow to parse, whatever the member: try it on few.
      if (value.length > 100_000 && !/^(?:created|formatted)$/.test(name)) {
        return [];
      }
      return value.length > 100_000
        ? [`{${member},${rest(name)}}`]
        : [`{${rest(name)},${member}}`, `{${member},${rest("")},${member}}`];
    })
  );
}

const logs = [headJsonLogs, obsLogs].flatMap(({ path, name }) =>
  [
    "parsl.jsonlog",
    "htex_Local/interchange.jsonlog",
    "database_manager.jsonlog",
    "task_177_0.jsonlog",
    ...["37781c58f4d7", "7600315e9381"].flatMap((manager) =>
      ["manager", "worker_1"].map((log) =>
        `htex_Local/block-0/${manager}/${log}.jsonlog`
      )
    ),
  ].flatMap((log) => {
    try {
      return [{
        name,
        log,
        text: Deno.readTextFileSync(`${path}/000/${log}`),
      }];
    } catch {
      return [];
    }
  })
);

/** Query for the events of the undamaged lines. */
const eventsQuery = `
  SELECT line, time, type FROM event
  UNION ALL SELECT line, time, entry FROM log_record
  ORDER BY line`;

for (const { name, log, text } of logs.slice(0, times(2, logs.length))) {
  Deno.test(`importRuninfo() loses no event beside hostile records [${name}, ${log}]`, () =>
    inFolder(async (temporary) => {
      const folder = await Deno.realPath(temporary);
      const good = text.trimEnd().split("\n").slice(0, 40);
      const bad = hostile(JSON.parse(good.at(-1)!));
      counted.inputs += bad.length;
      const lines = new Map<string, unknown[][]>();
      for (const [run, more] of [["000", []], ["001", bad]] as const) {
        await writeFiles(folder, {
          [`${run}/${log}`]: [...good, ...more, ...good, ""].join("\n"),
        });
        using db = await openDatabase(undefined, { engine: "native" });
        const report = await importRuninfo(db, `${folder}/${run}`);
        const [source] = report.sources;
        assertReadableReason(source?.error ?? "", "");
        assert.equal(source?.outcome, "imported", source?.error);
        assert.equal(source.lines, 2 * good.length + more.length);
        const end = good.length + more.length;
        lines.set(
          run,
          rows(db, eventsQuery)
            .filter(([line]) =>
              Number(line) <= good.length || Number(line) > end
            )
            .map(([line, ...event]) => [
              Number(line) > end ? Number(line) - more.length : line,
              ...event,
            ]),
        );
      }
      counted.rows += lines.get("000")!.length;
      assert.deepEqual(lines.get("001"), lines.get("000"));
      counted.survived += bad.length;
      assert.equal(({} as Record<string, unknown>).polluted, undefined);
    }));
}

Deno.test("importJsonLog() imports hostile records, or counts them as malformed", () =>
  inFolder(async (folder) => {
    const good = { created: 1.5, task: "5", event: "begun", state: "a" };
    const bad = hostile(good).concat(
      values.flatMap((value) =>
        ["created", "task", "event", "state"].map((name) =>
          `{"task":"6",${JSON.stringify(name)}:${value}}`
        )
      ),
    );
    const text = [JSON.stringify(good), ...bad, JSON.stringify(good), ""];
    await writeFiles(folder, { "a.jsonl": text.join("\n") });
    counted.inputs += bad.length;
    using db = await openDatabase(undefined, { engine: "native" });
    const { sources: [source] } = await importJsonLog(db, `${folder}/a.jsonl`, {
      time: "created",
      span: "mine",
      identity: { task: "task" },
      event: "event",
      details: { state: "state", own: "__proto__", made: "constructor" },
    });
    assert.equal(source!.outcome, "imported", source!.error);
    const { lines, matched, unmatched, malformed } = source!;
    assert.equal(lines, bad.length + 2);
    assert.equal(matched + unmatched + malformed, lines);
    const begun = rows(db, "SELECT line FROM event WHERE type = 'begun'")
      .flat();
    assert.ok(begun.includes(1) && begun.includes(lines));
    const broken = rows(
      db,
      "SELECT count(*) FROM span WHERE json_valid(attributes) = 0",
    );
    assert.deepEqual(broken, [[0]]);
    counted.rows += 2;
    counted.survived += bad.length;
  }));

Deno.test("importCloudWatch() imports hostile records, or counts them as malformed", () =>
  inFolder(async (folder) => {
    const good = { message: "a", task_id: "1", asctime: "2022-08-03 11:26:36" };
    const bad = hostile(good);
    counted.inputs += bad.length;
    const message = (record: string) =>
      `[{"field":"@message","value":${JSON.stringify(record)}}]`;
    const results = [JSON.stringify(good), ...bad, JSON.stringify(good)]
      .map(message);
    const path = `${folder}/a.json`;
    await Deno.writeTextFile(path, `{"results":[${results.join(",\n")}]}`);
    using db = await openDatabase(undefined, { engine: "native" });
    const { sources: [source] } = await importCloudWatch(db, path);
    assert.equal(source!.outcome, "imported", source!.error);
    assert.equal(source!.error, undefined);
    assert.equal(source!.lines, bad.length + 2);
    const first = rows(db, "SELECT entry FROM log_record WHERE line = 1");
    assert.ok(first.length === 1);
    assert.deepEqual(
      rows(
        db,
        `SELECT entry FROM log_record WHERE line = ${source!.lines}`,
      ),
      first,
    );
    counted.rows += 2;
    counted.survived += bad.length;
  }));
