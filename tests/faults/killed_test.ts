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

/** A program that imports into a file, and prints when it begins and ends. */
const program = (path: string, runinfo: string) => `
  import { importRuninfo, openDatabase } from "dnpc";
  using db = await openDatabase(${JSON.stringify(path)});
  console.log("begins");
  await importRuninfo(db, ${JSON.stringify(runinfo)});
`;

/**
 * Kills the import when its file reaches a size, or immediately for size 0.
 * Returns false if the import ended first.
 */
async function importKilled(
  path: string,
  runinfo: string,
  size: number,
): Promise<boolean> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--config", "deno.json", program(path, runinfo)],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  let isRunning = true;
  const ended = child.status.then((status) => {
    isRunning = false;
    return status;
  });
  while (isRunning && bytesOf(path) < size) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  try {
    child.kill("SIGKILL");
  } catch {
    // The process has already ended.
  }
  const { success } = await ended;
  await reader.cancel();
  return !success;
}

function bytesOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    return 0;
  }
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
        using whole = await openDatabase(`${folder}/whole.sqlite3`);
        await importRuninfo(whole, path);
        const size = bytesOf(`${folder}/whole.sqlite3`);
        const expected = contents(whole, path);
        const random = randomNumbers(3);
        const rounds = times(3, 20);
        let killed = 0;
        for (let round = 0; round < rounds; round++) {
          const file = `${folder}/${round}.sqlite3`;
          // Size 0 in the first round, so that at least one import is killed.
          const after = Math.floor(size * (round + random()) / rounds) *
            Math.sign(round);
          counted.inputs++;
          if (await importKilled(file, path, after)) killed++;
          // Kill again, resuming from the database that the first kill left.
          if (isWhole && round % 3 === 0) {
            await importKilled(file, path, size * random());
          }
          using db = await openDatabase(file);
          assert.deepEqual(rows(db, "PRAGMA integrity_check"), [["ok"]]);
          await importRuninfo(db, path);
          counted.rows += expected.length;
          assert.deepEqual(contents(db, path), expected, `at ${after} bytes`);
          assert.deepEqual(rows(db, "PRAGMA integrity_check"), [["ok"]]);
          counted.survived++;
        }
        assert.ok(killed > 0, "no import was killed");
      }),
  });
}

Deno.test("importRuninfo() binds the spans that a killed import left unbound", () =>
  inFolder(async (folder) => {
    using whole = await openDatabase();
    await importRuninfo(whole, tzLogs.path);
    using db = await openDatabase(`${folder}/unbound.sqlite3`);
    // Simulates a kill between the last source and bind().
    await importRuninfo(db, tzLogs.path, { rules: [] });
    const { bindings } = await importRuninfo(db, tzLogs.path);
    assert.ok(bindings.made > 0);
    assert.deepEqual(
      contents(db, tzLogs.path),
      contents(whole, tzLogs.path),
    );
  }));
