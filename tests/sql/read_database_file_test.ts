import { strict as assert } from "node:assert";
import { openDatabase, readDatabaseFile } from "dnpc/sql";
import { isWhole } from "../faults/figures.ts";
import { askOtherSqlite, inFolder, value } from "./engines.ts";
import { folderState, withWriter, type Writer } from "./writers.ts";

/** Queries the bytes of a file. */
async function ask(path: string, sql: string): Promise<unknown> {
  using db = await openDatabase(readDatabaseFile(path), { readOnly: true });
  assert.equal(value(db, "PRAGMA integrity_check"), "ok");
  return value(db, sql);
}

/** Registers a test that runs while another program has the database open. */
function besideWriter(
  claim: string,
  script: string,
  work: (path: string, writer: Writer, folder: string) => Promise<void>,
): void {
  Deno.test(`readDatabaseFile() ${claim}`, () =>
    inFolder((folder) => {
      const path = `${folder}/a.db`;
      return withWriter(
        path,
        script,
        (writer) => work(path, writer, folder),
      );
    }));
}

/** Reads and asserts that no file changed. */
async function askUnseen(folder: string, path: string, sql: string) {
  const before = folderState(folder);
  const answer = await ask(path, sql);
  assert.deepEqual(folderState(folder), before);
  return answer;
}

const numbers = `
run("CREATE TABLE t (a INTEGER PRIMARY KEY, b)")
run("BEGIN")
db.executemany("INSERT INTO t VALUES (?, ?)", [(i, "x" * 100) for i in range(5000)])
run("COMMIT")
`;

besideWriter(
  "reads the committed state while a transaction is open",
  `${numbers}
run("BEGIN IMMEDIATE; DELETE FROM t WHERE a < 4000")
step("open")
run("COMMIT")
step("committed")`,
  async (path, writer, folder) => {
    assert.equal(await askUnseen(folder, path, "SELECT count(*) FROM t"), 5000);
    assert.equal(await writer.next(), "committed");
    assert.equal(await askUnseen(folder, path, "SELECT count(*) FROM t"), 1000);
  },
);

besideWriter(
  "waits for a program that is writing the file",
  `import time
${numbers}
run("BEGIN EXCLUSIVE; DELETE FROM t WHERE a < 4000")
print("exclusive", flush=True)
time.sleep(0.5)
run("COMMIT")
step("committed")`,
  async (path, writer, folder) => {
    assert.equal(await ask(path, "SELECT count(*) FROM t"), 1000);
    assert.equal(await writer.next(), "committed");
    assert.equal(folderState(folder).length, 1);
  },
);

besideWriter(
  "reads the committed state while a transaction has spilled to disk",
  `${numbers}
run("PRAGMA cache_size = 5; BEGIN; UPDATE t SET b = 'y' || b")
step("open")
run("COMMIT")
step("committed")`,
  async (path, writer, folder) => {
    const sql = "SELECT count(*) FROM t WHERE b LIKE 'y%'";
    assert.equal(await askUnseen(folder, path, sql), 0);
    assert.equal(await writer.next(), "committed");
    assert.equal(await askUnseen(folder, path, sql), 5000);
  },
);

besideWriter(
  "names a locked file and a workaround",
  `run("CREATE TABLE t (a); BEGIN EXCLUSIVE")
step("exclusive")
run("COMMIT")
step("committed")`,
  async (path, writer) => {
    assert.throws(() => readDatabaseFile(path), {
      name: "DatabaseError",
      message:
        `cannot open ${path}: another program is writing to it and has ` +
        "kept it locked for 5 s. Try again when it has written, or copy the " +
        "file with what lies beside it and read the copy",
    });
    assert.equal(await writer.next(), "committed");
  },
);

const logged = `run("PRAGMA journal_mode = WAL")
${numbers}
run("DELETE FROM t WHERE a < 4000")
run("BEGIN; DELETE FROM t")
step("open")
run("COMMIT")
step("committed")
db.close()
step("closed")`;

besideWriter(
  "reads a write-ahead log before and after checkpoints",
  logged,
  async (path, writer, folder) => {
    const count = () => askUnseen(folder, path, "SELECT count(*) FROM t");
    assert.equal(folderState(folder).length, 3);
    assert.equal(await count(), 1000);
    await writer.next();
    assert.equal(await count(), 0);
    await writer.next();
    assert.equal(folderState(folder).length, 1);
    assert.equal(Deno.readFileSync(path)[18], 2);
    assert.equal(await count(), 0);
  },
);

besideWriter(
  "reads copies of a file and its write-ahead log, truncated anywhere",
  `run("PRAGMA journal_mode = WAL; CREATE TABLE t (a)")
for i in range(40): run("INSERT INTO t VALUES (%d)" % i)
run("PRAGMA wal_checkpoint")
for i in range(20): run("INSERT INTO t VALUES (%d)" % i)
step("open")`,
  async (path, _, folder) => {
    const [main, log] = [path, `${path}-wal`].map((p) => Deno.readFileSync(p));
    const step = isWhole ? 3001 : 27_001;
    for (let cut = 0; cut <= log!.length; cut += step) {
      const copy = `${folder}/${cut}`;
      await Deno.mkdir(copy);
      await Deno.writeFile(`${copy}/b.db`, main!);
      await Deno.writeFile(`${copy}/b.db-wal`, log!.subarray(0, cut));
      const sql = "SELECT group_concat(a) FROM t";
      const answer = await askUnseen(copy, `${copy}/b.db`, sql);
      const bytes = readDatabaseFile(`${copy}/b.db`);
      // SQLite writes the log into the file when it opens it.
      assert.equal(await askOtherSqlite(`${copy}/b.db`, sql), answer, `${cut}`);
      assert.deepEqual(Deno.readFileSync(`${copy}/b.db`), bytes, `${cut}`);
    }
  },
);

const halfDone: Record<string, string> = {
  "changed rows": "UPDATE t SET b = 'y' || b",
  "made the file longer": "INSERT INTO t (b) SELECT b FROM t",
  "removed rows": "DELETE FROM t WHERE a > 3",
};

for (const [what, statement] of Object.entries(halfDone)) {
  besideWriter(
    `rolls back, in the returned bytes only, a killed program that ${what}`,
    `${numbers}
run("PRAGMA cache_size = 5; BEGIN; ${statement}; UPDATE t SET b = b || 'z'")
step("half done")`,
    async (path, writer, folder) => {
      await writer.kill();
      assert.equal(folderState(folder).length, 2);
      const sum = await askUnseen(folder, path, "SELECT sum(a) FROM t");
      assert.equal(sum, 12_497_500);
      const bytes = readDatabaseFile(path);
      const written = Deno.readFileSync(path);
      assert.notDeepEqual(written, bytes);
      // A copy gives the same result.
      const journal = Deno.readFileSync(`${path}-journal`);
      await Deno.mkdir(`${folder}/copy`);
      await Deno.writeFile(`${folder}/copy/b.db`, written);
      await Deno.writeFile(`${folder}/copy/b.db-journal`, journal);
      assert.deepEqual(readDatabaseFile(`${folder}/copy/b.db`), bytes);
      // SQLite rolls back in the file.
      const answer = await askOtherSqlite(path, "SELECT sum(a) FROM t");
      assert.equal(answer, "12497500");
      assert.deepEqual(Deno.readFileSync(path), bytes);
    },
  );
}

// SQLite repairs each copy as far as possible.
const mend = `
import sqlite3, sys
for path in sys.argv[1:]:
    try: sqlite3.connect(path).execute("SELECT count(*) FROM sqlite_schema").fetchall()
    except sqlite3.DatabaseError: pass
`;

for (
  const [suffix, before] of [
    ["-journal", numbers + `run("PRAGMA cache_size = 5; BEGIN")`],
    ["-wal", `run("PRAGMA journal_mode = WAL")` + numbers],
  ] as const
) {
  besideWriter(
    `agrees with SQLite on a damaged ${suffix}`,
    `${before}
run("UPDATE t SET b = 'y' || b WHERE a < 900; INSERT INTO t (b) SELECT b FROM t")
step("open")`,
    async (path, writer, folder) => {
      await writer.kill();
      const [main, beside] = [path, path + suffix]
        .map((path) => Deno.readFileSync(path));
      const copies: string[] = [];
      const read: Uint8Array[] = [];
      for (let i = 0; i < 40; i++) {
        const damaged = beside!.slice();
        // If the size is terabytes, SQLite creates a sparse file.
        if (suffix === "-journal" && i >= 16 && i < 19) continue;
        // The first bytes are the header; other damage is anywhere.
        const at = i < 32 ? i : (i - 31) * 12_347 % damaged.length;
        damaged[at]! ^= 1 + i;
        const copy = `${folder}/${i}.db`;
        await Deno.writeFile(copy, main!);
        await Deno.writeFile(copy + suffix, damaged);
        copies.push(copy);
        read.push(readDatabaseFile(copy));
      }
      const { success } = await new Deno.Command("python3", {
        args: ["-c", mend, ...copies],
      }).output();
      assert.ok(success);
      for (const [i, copy] of copies.entries()) {
        assert.deepEqual(Deno.readFileSync(copy), read[i], `${i}`);
      }
    },
  );
}

// Each transaction adds as many rows to both tables.
for (const mode of ["DELETE", "TRUNCATE", "PERSIST", "WAL"]) {
  besideWriter(
    `reads a consistent snapshot of a file under constant writes [${mode}]`,
    `run("PRAGMA journal_mode = ${mode}; PRAGMA synchronous = OFF")
run("PRAGMA wal_autocheckpoint = 20; PRAGMA cache_size = 5")
run("CREATE TABLE one (a, b); CREATE TABLE two (a, b)")
print("begun", flush=True)
n = 0
while True:
    n += 1
    run("BEGIN")
    for i in range(5):
        for table in ("one", "two"):
            db.execute("INSERT INTO %s VALUES (?, ?)" % table, (n, "x" * 300))
    run("COMMIT")
    if n % 50 == 0: run("DELETE FROM one; DELETE FROM two")`
      .replace(
        `run("DELETE FROM one; DELETE FROM two")`,
        `run("BEGIN; DELETE FROM one; DELETE FROM two; COMMIT")`,
      ),
    async (path) => {
      const seen = new Set<unknown>();
      const until = Date.now() + 10_000;
      while (seen.size < 40 && Date.now() < until) {
        const sql =
          `SELECT (SELECT count(*) || ' ' || ifnull(sum(a), 0) FROM one)
          || '|' || (SELECT count(*) || ' ' || ifnull(sum(a), 0) FROM two)`;
        const both = String(await ask(path, sql));
        const [one, two] = both.split("|");
        assert.equal(one, two);
        seen.add(one);
        await new Promise((resolve) => setTimeout(resolve, 3));
      }
      assert.ok(seen.size > 20, `${seen.size}`);
    },
  );
}
