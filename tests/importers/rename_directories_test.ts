import { strict as assert } from "node:assert";
import { createSchema, insertRows, openDatabase } from "dnpc/sql";
import { renameDirectories } from "../../importers/store/rename_directories.ts";
import { assertLinear } from "./growth.ts";

/** A database of run directories with a log, a run and ten spans each. */
async function withRuns(rundirs: readonly string[]) {
  const db = await openDatabase(undefined, { engine: "native" });
  createSchema(db);
  insertRows(
    db,
    "source",
    ["path", "importer", "rundir"],
    rundirs.map((rundir) => [`${rundir}/parsl.log`, "parsl.log", rundir]),
  );
  insertRows(db, "run", ["rundir"], rundirs.map((rundir) => [rundir]));
  insertRows(
    db,
    "span",
    ["type", "key", "attributes"],
    rundirs.flatMap((rundir) =>
      Array.from({ length: 10 }, (_, task) => [
        "task",
        `${rundir.replaceAll("/", "%2F")}/${task}`,
        JSON.stringify({ rundir, task: String(task) }),
      ])
    ),
  );
  return db;
}

const known = (renamed: Record<string, string>) => ({
  rundirs: new Map(),
  renamed: new Map(Object.entries(renamed)),
  absorbed: [],
  clocks: new Map(),
  processes: new Map(),
  newProcesses: new Set<string>(),
  runs: new Map(),
  loggedIn: new Map(),
});

Deno.test("renameDirectories() takes linear time for many directories", async () => {
  await assertLinear(async (length) => {
    const rundirs = Array.from({ length }, (_, i) => `/before/${i}`);
    using db = await withRuns(rundirs);
    const names = rundirs.map((rundir) => [
      rundir,
      rundir.replace("before", "after"),
    ]);
    renameDirectories(db, known(Object.fromEntries(names)));
    const [row] = db.query(`SELECT
      (SELECT count(*) FROM span WHERE key LIKE '%2Fafter%2F%/_'
         AND attributes ->> 'rundir' LIKE '/after/%') AS spans,
      (SELECT count(*) FROM source WHERE path LIKE '/after/%/parsl.log'
         AND rundir LIKE '/after/%') AS sources,
      (SELECT count(*) FROM run WHERE rundir LIKE '/after/%') AS runs`);
    assert.deepEqual({ ...row }, {
      spans: 10 * length,
      sources: length,
      runs: length,
    });
  }, 250);
});

Deno.test("renameDirectories() swaps two directories and leaves a third as it is", async () => {
  using db = await withRuns(["/a", "/b", "/ab"]);
  const ids = (rundir: string) =>
    db.query<{ id: number }>(
      "SELECT id FROM span WHERE attributes ->> 'rundir' = ? AND key LIKE ?",
      [rundir, `${rundir.replaceAll("/", "%2F")}/_`],
    ).map(({ id }) => id);
  const before = ["/a", "/b", "/ab"].map(ids);
  renameDirectories(db, known({ "/a": "/b", "/b": "/a" }));
  assert.deepEqual(["/b", "/a", "/ab"].map(ids), before);
  assert.ok(before.every(({ length }) => length === 10));
  const paths = db.query("SELECT path FROM source ORDER BY id");
  assert.deepEqual(paths.map(({ path }) => path), [
    "/b/parsl.log",
    "/a/parsl.log",
    "/ab/parsl.log",
  ]);
});
