import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { contents } from "./contents.ts";
import { randomNumbers } from "./damage.ts";
import { rows } from "./databases.ts";
import { tzLogs, wqLogs } from "./logs.ts";

/** A program that imports into a file, and says when it begins. */
const program = (path: string, runinfo: string) => `
  import { importRuninfo, openDatabase } from "dnpc";
  using db = await openDatabase(${JSON.stringify(path)});
  console.log("begins");
  await importRuninfo(db, ${JSON.stringify(runinfo)});
`;

/** Kills the import so many milliseconds after it began. */
async function importKilled(
  path: string,
  runinfo: string,
  after: number,
): Promise<boolean> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--config", "deno.json", program(path, runinfo)],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  const timer = setTimeout(() => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has just ended by itself.
    }
  }, after);
  const { success } = await child.status;
  clearTimeout(timer);
  await reader.cancel();
  return !success;
}

for (const { name, path } of [tzLogs, wqLogs]) {
  Deno.test(`importRuninfo() completes an import that was killed [${name}]`, () =>
    inFolder(async (folder) => {
      using whole = await openDatabase();
      await importRuninfo(whole, path);
      const expected = contents(whole, path);
      const random = randomNumbers(3);
      let killed = 0;
      for (let round = 0; round < 6; round++) {
        const file = `${folder}/${round}.sqlite3`;
        const after = 10 + 60 * round + 60 * random();
        if (await importKilled(file, path, after)) killed++;
        using db = await openDatabase(file);
        assert.deepEqual(rows(db, "PRAGMA integrity_check"), [["ok"]]);
        await importRuninfo(db, path);
        assert.deepEqual(contents(db, path), expected, `after ${after} ms`);
      }
      assert.ok(killed > 0, "no import was killed in time");
    }));
}

Deno.test("importRuninfo() binds what an import that was killed left unbound", () =>
  inFolder(async (folder) => {
    using whole = await openDatabase();
    await importRuninfo(whole, tzLogs.path);
    using db = await openDatabase(`${folder}/unbound.sqlite3`);
    // As if it had been killed between the last source and the rules.
    await importRuninfo(db, tzLogs.path, { rules: [] });
    const { bindings } = await importRuninfo(db, tzLogs.path);
    assert.ok(bindings.made > 0);
    assert.deepEqual(
      contents(db, tzLogs.path),
      contents(whole, tzLogs.path),
    );
  }));
