import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { randomNumbers } from "./damage.ts";
import { rows } from "./databases.ts";
import { type Files, filesNamed, repositorySets, writeFiles } from "./logs.ts";

const logNames =
  /^((parsl|interchange|manager|worker_\d+|task_\d+_\d+)\.(log|jsonlog)|transaction_log|debug_log|log|transactions)$/;

/** The logs of a fixture. */
const logsOf = (path: string): Record<string, Uint8Array<ArrayBuffer>> =>
  Object.fromEntries(
    filesNamed(path, logNames)
      .map((log) => [log.slice(path.length + 1), Deno.readFileSync(log)]),
  );

/** Where the lines of a file start. */
function startsOf(content: Files[string]): number[] {
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  const starts = [0];
  bytes.forEach((byte, i) => byte === 10 && starts.push(i + 1));
  return starts;
}

/** By file, the events and the numbers by the byte of their line. */
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
    const add = (path: unknown, offset: number, said: string) => {
      const file = String(path).slice(folder.length + 1);
      const events = found.get(file) ?? new Map();
      found.set(file, events);
      events.set(offset, `${events.get(offset) ?? ""}${said}; `);
    };
    for (
      const [path, offset, time, type] of rows(
        db,
        `SELECT path, offset, time, type FROM event
         JOIN source ON source.id = source_id ORDER BY offset, type`,
      )
    ) add(path, Number(offset), `${time} ${type}`);
    const starts = new Map(
      Object.entries(files).map(([file, bytes]) => [file, startsOf(bytes)]),
    );
    for (
      const [path, line, time, said] of rows(
        db,
        // Not the seconds since another line.
        `SELECT path, line, time, name || '=' || value FROM metric
         JOIN source ON source.id = metric.source_id
         WHERE metric <> 'heartbeat' ORDER BY metric.rowid`,
      )
    ) {
      const file = String(path).slice(folder.length + 1);
      add(path, starts.get(file)![Number(line) - 1]!, `${time} ${said}`);
    }
  });
  return found;
}

// What is said of an executor for the first time has a name, and no other.
const isFirst = (events: string) => /^\S+ (added|Adding executor)/.test(events);

// The line above tells that this one is a command.
const isCommand = (events: string) => /^\S+ %s; $/.test(events);

for (const { name, path } of repositorySets) {
  Deno.test(`importRuninfo() reads logs that end anywhere [${name}]`, async () => {
    const random = randomNumbers(7);
    const logs = logsOf(path);
    for (const [file, bytes] of Object.entries(logs)) {
      const whole = (await eventsOf({ [file]: bytes })).get(file) ?? [];
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
          if (isTouched || isFirst(said) || isCommand(said)) continue;
          assert.equal(found.get(file)!.get(offset), said, `${file} ${offset}`);
        }
      }
    }
  });
}
