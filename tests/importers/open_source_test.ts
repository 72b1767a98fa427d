import { strict as assert } from "node:assert";
import { openDatabase } from "dnpc/sql";
import { openSource } from "../../importers/container/open_source.ts";
import { inFolder } from "../sql/engines.ts";

/** Replaces Deno.openSync during work. */
async function opening<T>(
  open: (original: typeof Deno.openSync, path: string) => Deno.FsFile,
  work: () => Promise<T>,
): Promise<T> {
  const { openSync } = Deno;
  Deno.openSync = (path) => open(openSync, String(path));
  try {
    return await work();
  } finally {
    Deno.openSync = openSync;
  }
}

// The log is opened before it is copied, for the copy, and after.
for (const at of [1, 2, 3]) {
  Deno.test(`openSource() reads all rows if the write-ahead log vanishes at its opening ${at}`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/monitoring.db`;
      const writer = await openDatabase(path, { engine: "native" });
      writer.exec(`PRAGMA journal_mode = WAL; CREATE TABLE t (n);
        INSERT INTO t VALUES (1), (2)`);
      let openings = 0;
      const source = await opening((open, file) => {
        if (file === `${path}-wal` && ++openings === at) {
          writer.exec("INSERT INTO t VALUES (3)");
          // Moves the log into the file and removes it.
          writer.close();
        }
        return open(file);
      }, () => openSource(path, 0));
      using _ = source;
      assert.ok(openings >= at);
      const rows = source.db.query("SELECT n FROM t");
      assert.deepEqual(rows.map(({ n }) => n), [1, 2, 3]);
    }));
}
