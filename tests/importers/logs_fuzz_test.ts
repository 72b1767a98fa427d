import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import { type Files, filesNamed, tzLogs, wqLogs, writeFiles } from "./logs.ts";
import { randomNumbers } from "./random.ts";

const logNames =
  /^(parsl\.log|interchange\.log|manager\.log|worker_\d+\.log|transaction_log)$/;

/** The logs of a fixture. */
const logsOf = (path: string): Record<string, Uint8Array<ArrayBuffer>> =>
  Object.fromEntries(
    filesNamed(path, logNames)
      .map((log) => [log.slice(path.length + 1), Deno.readFileSync(log)]),
  );

/** By file, the events by the byte of their line. */
async function eventsOf(
  files: Files,
): Promise<Map<string, Map<number, string>>> {
  const found = new Map<string, Map<number, string>>();
  await inFolder(async (temporary) => {
    const folder = await Deno.realPath(temporary);
    await writeFiles(folder, files);
    using db = await openDatabase(undefined, { engine: "native" });
    const timeZone = "America/New_York";
    const report = await importRuninfo(db, folder, { timeZone, rules: [] });
    // Of the header of a transaction_log alone, nothing is read.
    if (report.sources.length === 0) return;
    for (const { outcome, error } of report.sources) {
      assert.equal(outcome, "imported", error);
    }
    for (
      const [path, offset, time, type] of rows(
        db,
        `SELECT path, offset, time, type FROM event
         JOIN source ON source.id = source_id ORDER BY offset, type`,
      )
    ) {
      const file = String(path).slice(folder.length + 1);
      const events = found.get(file) ?? new Map();
      found.set(file, events);
      const known = events.get(offset) ?? "";
      events.set(Number(offset), `${known}${time} ${type}; `);
    }
  });
  return found;
}

// What is said of an executor for the first time has a name, and no other.
const isFirst = (events: string) => /^\S+ (added|Adding executor)/.test(events);

for (const { name, path } of [tzLogs, wqLogs]) {
  Deno.test(`importRuninfo() reads logs that end anywhere [${name}]`, async () => {
    const random = randomNumbers(7);
    const logs = logsOf(path);
    for (const [file, bytes] of Object.entries(logs)) {
      const whole = (await eventsOf({ [file]: bytes })).get(file)!;
      const times = Math.ceil(200 / Object.keys(logs).length);
      for (let i = 0; i < times; i++) {
        const length = Math.floor(random() * bytes.length);
        const start = bytes.slice(0, length);
        const end = start.lastIndexOf(10);
        const found = (await eventsOf({ [file]: start })).get(file);
        const expected = [...whole].filter(([offset]) => offset < end);
        assert.deepEqual([...found ?? []], expected, `${file} at ${length}`);
      }
    }
  });

  Deno.test(`importRuninfo() reads logs with bytes flipped anywhere [${name}]`, async () => {
    const random = randomNumbers(11);
    const whole = await eventsOf(logsOf(path));
    for (let round = 0; round < 10; round++) {
      const logs = logsOf(path);
      const damaged = new Map<string, number[]>();
      const files = Object.entries(logs);
      for (let i = 0; i < 20; i++) {
        const [file, bytes] = files[Math.floor(random() * files.length)]!;
        const at = Math.floor(random() * bytes.length);
        bytes[at]! ^= 1 << Math.floor(random() * 8);
        damaged.set(file, [...damaged.get(file) ?? [], at]);
      }
      const found = await eventsOf(logs);
      for (const [file, events] of whole) {
        const bytes = Deno.readFileSync(`${path}/${file}`);
        const places = damaged.get(file) ?? [];
        for (const [offset, said] of events) {
          const end = bytes.indexOf(10, offset);
          const isTouched = places.some((at) => at >= offset - 1 && at <= end);
          if (isTouched || isFirst(said)) continue;
          assert.equal(found.get(file)!.get(offset), said, `${file} ${offset}`);
        }
      }
    }
  });
}
