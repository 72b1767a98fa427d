import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { contents } from "../importers/contents.ts";
import { randomNumbers } from "../importers/damage.ts";
import { rows } from "../importers/databases.ts";
import { larger, repositorySets, tzLogs } from "../importers/logs.ts";
import { inFolder } from "../sql/engines.ts";
import { figures, isWhole, times } from "./figures.ts";

const counted = figures("imports killed at a random moment");

/** A program that imports into a file, and says when it begins and ends. */
const program = (path: string, runinfo: string) => `
  import { importRuninfo, openDatabase } from "dnpc";
  using db = await openDatabase(${JSON.stringify(path)});
  console.log("begins");
  await importRuninfo(db, ${JSON.stringify(runinfo)});
`;

/** Kills the import so many milliseconds after it began; false if it had ended. */
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

const sets = [
  ...repositorySets.slice(0, times(1, repositorySets.length)),
  ...isWhole ? [larger("multi-htex"), larger("mon-htex")] : [],
];

for (const { name, path, ignore } of sets) {
  Deno.test({
    name: `importRuninfo() completes an import that was killed [${name}]`,
    ignore,
    fn: () =>
      inFolder(async (folder) => {
        using whole = await openDatabase(undefined, { engine: "native" });
        const started = performance.now();
        await importRuninfo(whole, path);
        // In a process of its own it is slower at first.
        const span = 3 * (performance.now() - started);
        const expected = contents(whole, path);
        const random = randomNumbers(3);
        const rounds = times(3, 20);
        let killed = 0;
        for (let round = 0; round < rounds; round++) {
          const file = `${folder}/${round}.sqlite3`;
          const after = span * (round + random()) / rounds;
          counted.inputs++;
          if (await importKilled(file, path, after)) killed++;
          // And once more, on what the first one left.
          if (isWhole && round % 3 === 0) {
            await importKilled(file, path, span * random());
          }
          using db = await openDatabase(file);
          assert.deepEqual(rows(db, "PRAGMA integrity_check"), [["ok"]]);
          await importRuninfo(db, path);
          counted.rows += expected.length;
          assert.deepEqual(contents(db, path), expected, `after ${after} ms`);
          assert.deepEqual(rows(db, "PRAGMA integrity_check"), [["ok"]]);
          counted.survived++;
        }
        assert.ok(killed > 0, "no import was killed in time");
      }),
  });
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
