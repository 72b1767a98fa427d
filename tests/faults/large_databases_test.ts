import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import { openDatabase, readDatabaseFile } from "dnpc/sql";
import { inPlace, output } from "../cli/shell.ts";
import { rows } from "../importers/databases.ts";
import { figures, isWhole } from "./figures.ts";

const counted = figures("databases above 2 GiB");

/** A database with one row, and empty pages that take no place on the disk. */
async function makeLarge(
  path: string,
  pageSize: number,
  bytes: number,
): Promise<void> {
  await Deno.remove(path).catch(() => {});
  {
    using db = new DatabaseSync(path);
    db.exec(`PRAGMA page_size = ${pageSize}; CREATE TABLE a (b);
      INSERT INTO a VALUES (5)`);
  }
  const pages = Math.ceil(bytes / pageSize);
  using file = await Deno.open(path, { read: true, write: true });
  await file.truncate(pages * pageSize);
  // SQLite takes the number of pages from the header.
  await file.seek(28, Deno.SeekMode.Start);
  const count = new Uint8Array(4);
  new DataView(count.buffer).setUint32(0, pages);
  await file.write(count);
}

const says = /more than 2 GiB.*native engine.*VACUUM INTO/;
const sizes = isWhole ? [2 ** 31, 2.6e9, 5e9, 2 ** 35] : [2.6e9];

for (const pageSize of isWhole ? [4096, 16384, 65536] : [65536]) {
  Deno.test(`a database above 2 GiB is read in its file, and not copied [pages of ${pageSize}]`, () =>
    inPlace(async (place) => {
      const { folder, shell } = place;
      const path = `${folder}/large.sqlite3`;
      for (const bytes of sizes) {
        await makeLarge(path, pageSize, bytes);
        for (const readOnly of [true, false]) {
          counted.inputs += 2;
          using db = await openDatabase(path, { readOnly });
          assert.deepEqual(rows(db, "SELECT b FROM a"), [[5]]);
          counted.rows++;
          assert.throws(() => db.save(`${folder}/copy.sqlite3`), says);
          const copy = openDatabase(path, { engine: "sqljs", readOnly });
          await assert.rejects(copy, says);
          counted.survived += 2;
        }
        counted.inputs += 3;
        assert.throws(() => readDatabaseFile(path), says);
        const asked = await output(
          place,
          "dnpc sql large.sqlite3 'SELECT b FROM a'",
        );
        assert.equal(asked, "b\n5\n");
        counted.rows++;
        const { code, stderr } = await shell("dnpc span-types large.sqlite3");
        assert.equal(code, 125);
        assert.match(
          stderr,
          /none of dnpc's tables, but a: nothing was imported/,
        );
        counted.survived += 3;
        const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
        assert.ok(!left.some((name) => name.includes("copy")), `${left}`);
      }
    }));
}
