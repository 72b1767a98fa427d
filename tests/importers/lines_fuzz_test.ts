import { importLines, type LinePatterns } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { inFolder } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import { randomNumbers } from "./damage.ts";

const unix = /^(?<time>[\d.]+) .*?:\d+ \S+ /;
const logs: Record<string, LinePatterns> = {
  "synthetic.log": {
    time: unix,
    lines: [
      { match: /FUNC (?<call>\d+) (?<event>\w+)/, span: "call" },
      { match: /BIND (?<call>\d+) (?<task>.+)/, span: "call", says: ["task"] },
    ],
  },
  "endpoint.log": {
    time: unix,
    lines: [
      { match: /(?<task>\w{8}-\w{4}-\S+)/g, span: "task" },
      { match: /manager:? b'(?<manager>\w+)'/, span: "manager" },
    ],
  },
  "worker_logs/0739733c6b92/funcx_worker_3.log": {
    time: unix,
    lines: [
      { match: /task_id='(?<task>.+?)'/, span: "run", event: "begun" },
      { match: /./, span: "worker" },
    ],
  },
};

/** The events of a log by the byte of their line, and its line counts. */
async function read(bytes: Uint8Array, patterns: LinePatterns) {
  const found = new Map<number, string>();
  const counts = { lines: 0, malformed: 0, continued: 0 };
  await inFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.log`, bytes);
    using db = await openDatabase(undefined, { engine: "native" });
    const { sources: [source] } = await importLines(db, folder, patterns);
    if (!source) return;
    assert.equal(source.outcome, "imported", source.error);
    Object.assign(counts, source);
    const events = rows(
      db,
      `SELECT offset, time, span.type, span.key, event.type FROM event
       JOIN span ON span.id = span_id ORDER BY offset, event.id`,
    );
    for (const [offset, ...said] of events) {
      const known = found.get(Number(offset)) ?? "";
      found.set(Number(offset), `${known}${said.join(" ")}; `);
    }
  });
  return { found, ...counts };
}

for (const [name, patterns] of Object.entries(logs)) {
  const bytes = Deno.readFileSync(`tests/fixtures/funcx/${name}`);

  Deno.test(`importLines() reads logs that end anywhere [${name}]`, async () => {
    const random = randomNumbers(3);
    const whole = await read(bytes, patterns);
    for (let i = 0; i < 60; i++) {
      // Behind the first line: no time at all is for another test.
      const first = bytes.indexOf(10) + 1;
      const length = first + Math.floor(random() * (bytes.length - first));
      const start = bytes.slice(0, length);
      const end = start.lastIndexOf(10);
      const { found } = await read(start, patterns);
      const expected = [...whole.found].filter(([offset]) => offset < end);
      assert.deepEqual([...found], expected, `at ${length}`);
    }
  });

  Deno.test(`importLines() reads logs with bytes flipped anywhere [${name}]`, async () => {
    const random = randomNumbers(5);
    const whole = await read(bytes, patterns);
    for (let round = 0; round < 20; round++) {
      const damaged = bytes.slice();
      const places = Array.from({ length: 10 }, () => {
        const at = Math.floor(random() * bytes.length);
        damaged[at]! ^= 1 << Math.floor(random() * 8);
        return at;
      });
      const { found } = await read(damaged, patterns);
      for (const [offset, said] of whole.found) {
        const end = bytes.indexOf(10, offset);
        const isTouched = places.some((at) => at >= offset - 1 && at <= end);
        if (!isTouched) assert.equal(found.get(offset), said, `at ${offset}`);
      }
    }
  });
}
