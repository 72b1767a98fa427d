import { importLines, type LinePatterns } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { inFolder } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import { writeFiles } from "./logs.ts";

const banner = `${"#".repeat(300)}\n`;

const arrived: LinePatterns = {
  time: /^(?<time>\d+\.\d+) /,
  lines: [{ match: /(?<ship>\w+) arrived/, span: "ship", event: "arrived" }],
};

/** Logs that begin alike; of each, the lines up to a number. */
const logs = (count: number, more: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `${i}/out.log`,
      banner +
      Array.from(
        { length: 1 + i + more },
        (_, line) => `1000000000.5 ship${i}x${line} arrived\n`,
      ).join(""),
    ]),
  );

for (const isCopied of [false, true]) {
  Deno.test(`importLines() adds the growth of many ${isCopied ? "copied" : "moved"} files that begin alike`, () =>
    inFolder(async (temporary) => {
      const folder = await Deno.realPath(temporary);
      await writeFiles(`${folder}/before`, logs(60, 0));
      using db = await openDatabase(undefined, { engine: "native" });
      await importLines(db, `${folder}/before`, arrived);
      if (!isCopied) await Deno.remove(`${folder}/before`, { recursive: true });
      await writeFiles(`${folder}/after`, logs(60, 100));
      const { sources } = await importLines(db, `${folder}/after`, arrived);
      const outcomes = sources.map(({ outcome }) => outcome);
      assert.deepEqual(outcomes, Array(60).fill("grown"));
      // Each log has 1 + i + 100 lines: 60 * 101 + 59 * 60 / 2.
      const events = "SELECT count(*) FROM event WHERE type = 'arrived'";
      assert.deepEqual(rows(db, events), [[7830]]);
    }));
}
