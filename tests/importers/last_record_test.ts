import { strict as assert } from "node:assert";
import { importJsonLog, importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { rows } from "./databases.ts";
import { withFiles } from "./logs.ts";

const records = (count: number) =>
  Array.from(
    { length: count },
    (_, i) => JSON.stringify({ created: 1795000000 + i, msg: `m${i}` }),
  );

/** Imports a file whenever it has other content; asserts what is in then. */
async function importStates(
  name: string,
  states: readonly [content: string, outcome: string, records: number][],
): Promise<void> {
  await inFolder(async (folder) => {
    const path = `${folder}/${name}`;
    using db = await openDatabase();
    for (const [content, outcome, count] of states) {
      await Deno.writeTextFile(path, content);
      const { sources } = await importJsonLog(db, path, { progress: false });
      assert.equal(sources[0]!.outcome, outcome);
      const known = rows(
        db,
        "SELECT count(*), count(DISTINCT line) FROM log_record",
      );
      assert.deepEqual(known, [[count, count]]);
    }
  });
}

Deno.test("importJsonLog() reads a last record without a newline once, also if the log grows", () => {
  const [one, two, three] = records(3) as [string, string, string];
  return importStates("log.jsonl", [
    [`${one}\n${two}`, "imported", 2],
    [`${one}\n${two}`, "unchanged", 2],
    [`${one}\n${two}\n`, "grown", 2],
    [`${one}\n${two}\n${three}`, "grown", 3],
  ]);
});

Deno.test("importJsonLog() reads half a record when it is whole", () => {
  const [one, two] = records(2) as [string, string];
  return importStates("log.jsonl", [
    [`${one}\n${two.slice(0, 20)}`, "imported", 1],
    [`${one}\n${two}`, "grown", 2],
    [`${one}\n${two}\n`, "grown", 2],
  ]);
});

Deno.test("importRuninfo() reports a last line without a newline", () => {
  const line = "1795344285281734 7 TASK 1 WAITING top FIRST_RESOURCES {}\n";
  const half = "1795344285281735 7 TASK 1 RUNN";
  return withFiles(
    { "000/wq/transaction_log": line + half },
    (_db, report) => {
      assert.equal(report.sources[0]!.unfinished, half.length);
      assert.equal(report.sources[0]!.lines, 1);
      assert.match(
        String(report),
        /Left out: the last line of transaction_log, which\s+has no newline/,
      );
    },
  );
});

Deno.test("importRuninfo() reads a last record without a newline in a tarball", () =>
  inFolder(async (folder) => {
    const [one, two] = records(2) as [string, string];
    await Deno.writeTextFile(`${folder}/whole.jsonl`, `${one}\n${two}`);
    await Deno.writeTextFile(`${folder}/half.jsonl`, `${one}\n${two.slice(9)}`);
    const { success } = await new Deno.Command("tar", {
      args: ["czf", "logs.tar.gz", "whole.jsonl", "half.jsonl"],
      cwd: folder,
    }).output();
    assert.ok(success);
    using db = await openDatabase();
    const path = `${folder}/logs.tar.gz`;
    const { sources } = await importRuninfo(db, path, { progress: false });
    assert.deepEqual(
      sources.map(({ records, unfinished }) => [records, unfinished]),
      [[2, undefined], [1, two.length - 9]],
    );
    const again = await importRuninfo(db, path, { progress: false });
    assert.ok(again.sources.every(({ outcome }) => outcome === "unchanged"));
  }));

const array = records(3).map((text) => JSON.parse(text));

for (
  const [writer, text] of Object.entries({
    "json.dump(list)": JSON.stringify(array),
    "json.dump(list, indent=2)": JSON.stringify(array, undefined, 2) + "\n",
    "two of them": `${JSON.stringify(array.slice(0, 1))}\n${
      JSON.stringify(array.slice(1))
    }\n`,
  })
) {
  Deno.test(`importJsonLog() reads the records of ${writer}`, () =>
    withFiles(
      { "array.json": text },
      (db, { sources }) => {
        assert.deepEqual([sources[0]!.records, sources[0]!.malformed], [3, 0]);
        assert.deepEqual(
          rows(db, "SELECT line, time, entry ->> 'msg' FROM log_record"),
          [[1, 1795000000, "m0"], [2, 1795000001, "m1"], [3, 1795000002, "m2"]],
        );
      },
      { progress: false },
      importJsonLog,
    ));
}

Deno.test("importJsonLog() reads an array up to where it ends, and names broken elements", () => {
  const text = '[{"a":"]}, \\"{"},{"b":nothing},[1],5,{"c":';
  return withFiles(
    { "array.json": text },
    (db, { sources: [source] }) => {
      assert.deepEqual(source!.malformedLines, [2, 3, 4, 5]);
      assert.equal(source!.error, `cut short at byte ${text.length}`);
      assert.deepEqual(
        rows(db, "SELECT entry ->> 'a' FROM log_record"),
        [[']}, "{']],
      );
    },
    { progress: false },
    importJsonLog,
  );
});
