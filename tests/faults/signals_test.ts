import { strict as assert } from "node:assert";
import { DatabaseSync } from "node:sqlite";
import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { dnpcCommand, inPlace, output } from "../cli/shell.ts";
import { contents } from "../importers/contents.ts";
import { rows } from "../importers/databases.ts";
import { wqLogs } from "../importers/logs.ts";
import { inFolder } from "../sql/engines.ts";
import { figures, times } from "./figures.ts";

const counted = figures("signals, and what killed programs leave");

const namesIn = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

/** Starts dnpc in a folder, signals it when a condition holds, and awaits its exit. */
async function signalled(
  folder: string,
  args: readonly string[],
  signal: Deno.Signal,
  isTime: () => boolean,
): Promise<number> {
  const [deno = "", ...command] = dnpcCommand("--no-check");
  const child = new Deno.Command(deno, {
    args: [...command, ...args],
    cwd: folder,
    stdout: "null",
    stderr: "null",
  }).spawn();
  let isRunning = true;
  const ended = child.status.finally(() => isRunning = false);
  while (isRunning && !isTime()) {
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  if (isRunning) child.kill(signal);
  return (await ended).code;
}

for (const [signal, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`${signal} ends an import with exit code ${exitCode}, and the next import completes it`, () =>
    inFolder(async (folder) => {
      using whole = await openDatabase(`${folder}/whole`);
      await importRuninfo(whole, wqLogs.path);
      const expected = contents(whole, wqLogs.path);
      const size = Deno.statSync(`${folder}/whole`).size;
      const rounds = times(2, 20);
      let ended = 0;
      for (let round = 0; round < rounds; round++) {
        counted.inputs++;
        const own = await Deno.makeTempDir({ dir: folder });
        const file = `${own}/a.sqlite3`;
        const bytes = () => {
          try {
            return Deno.statSync(file).size;
          } catch {
            return -1;
          }
        };
        const args = ["import", wqLogs.path, "-q", "-o", file];
        const code = await signalled(
          own,
          args,
          signal,
          () => bytes() >= size * round / rounds,
        );
        if (code !== 0) assert.equal(code, exitCode);
        if (code !== 0) ended++;
        const left = namesIn(own);
        assert.ok(["", "a.sqlite3"].includes(left.join()), left.join());
        using db = await openDatabase(file);
        assert.deepEqual(rows(db, "PRAGMA integrity_check"), [["ok"]]);
        await importRuninfo(db, wqLogs.path);
        assert.deepEqual(contents(db, wqLogs.path), expected);
        counted.rows += expected.length;
        counted.survived++;
      }
      assert.ok(ended > 0, "no import was ended");
    }));
}

Deno.test("a signal during an export leaves no partial output and keeps the old file", () =>
  inPlace(async ({ folder }) => {
    {
      using db = await openDatabase(`${folder}/runs.sqlite3`);
      db.exec(`CREATE TABLE more AS WITH RECURSIVE n (i) AS
        (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)
        SELECT i, hex(i) AS text FROM n;
        INSERT INTO event_row (span_id, time, type_id)
        SELECT 1, i, 1 FROM more`);
    }
    await Deno.writeTextFile(`${folder}/a.csv`, "old");
    await Deno.writeTextFile(`${folder}/q`, "old");
    const before = namesIn(folder);
    const select = "SELECT * FROM more";
    const exporting = ["export", "runs.sqlite3", "--to"];
    const commands: string[][] = [
      [...exporting, "csv", "--table", "more", "-o", "csv"],
      [...exporting, "parquet", "-o", "parquet"],
      [...exporting, "parquet", "--query", select, "-o", "q"],
      ["sql", "runs.sqlite3", select, "-o", "a.csv"],
    ];
    for (const [i, args] of commands.entries()) {
      counted.inputs++;
      const [signal, exitCode] = i % 2
        ? ["SIGINT", 130] as const
        : ["SIGTERM", 143] as const;
      const code = await signalled(
        folder,
        args,
        signal,
        () => namesIn(folder).some((name) => /\.tmp$|^parquet$/.test(name)),
      );
      assert.equal(code, exitCode, args.join(" "));
      assert.deepEqual(namesIn(folder), before, args.join(" "));
      counted.survived++;
    }
    assert.equal(await Deno.readTextFile(`${folder}/a.csv`), "old");
    assert.equal(await Deno.readTextFile(`${folder}/q`), "old");
  }));

/** Copies a database in the middle of a transaction, as a killed program leaves it. */
function leaveHalfWritten(from: string, to: string, change: string): void {
  const db = new DatabaseSync(from);
  // A small cache makes SQLite write pages to the file before the commit.
  db.exec(`PRAGMA cache_size = 5; BEGIN IMMEDIATE; ${change}`);
  for (const end of ["", "-journal"]) Deno.copyFileSync(from + end, to + end);
  db.exec("ROLLBACK");
  db.close();
}

Deno.test("dnpc rolls back the interrupted transaction of an import", () =>
  inPlace(async (place) => {
    counted.inputs++;
    const { folder } = place;
    const count = `"SELECT count(*) AS n FROM event WHERE time > 0"`;
    const before = await output(place, `dnpc sql runs.sqlite3 ${count}`);
    leaveHalfWritten(
      `${folder}/runs.sqlite3`,
      `${folder}/half.sqlite3`,
      "UPDATE event_row SET time = -1",
    );
    assert.equal(await output(place, `dnpc sql half.sqlite3 ${count}`), before);
    assert.ok(!namesIn(folder).includes("half.sqlite3-journal"));
    await output(place, "dnpc import runinfo/ -q -o half.sqlite3");
    counted.survived++;
  }));

Deno.test("dnpc reads another program's interrupted database without changing it", () =>
  inPlace(async (place) => {
    const { folder, shell } = place;
    const tasks =
      `"SELECT count(*) AS n FROM monitoring_task WHERE task_id >= 0"`;
    const whole = `${folder}/after/monitoring.db`;
    const before = await output(place, `dnpc sql after/monitoring.db ${tasks}`);
    await Deno.mkdir(`${folder}/half`);
    leaveHalfWritten(
      whole,
      `${folder}/half/monitoring.db`,
      "UPDATE try SET run_id = hex(run_id) || run_id; UPDATE task SET task_id = -1 - task_id",
    );
    // A database with changes only in its write-ahead log.
    await Deno.mkdir(`${folder}/log`);
    const db = new DatabaseSync(whole);
    db.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
    db.exec("UPDATE task SET task_func_name = 'mine'");
    for (const end of ["", "-wal"]) {
      Deno.copyFileSync(whole + end, `${folder}/log/monitoring.db${end}`);
    }
    db.close();
    for (const name of ["half", "log"]) {
      counted.inputs++;
      const path = `${folder}/${name}`;
      const content = () =>
        namesIn(path).map((
          file,
        ) => [file, Deno.readFileSync(`${path}/${file}`)]);
      const old = content();
      const data = `${name}/monitoring.db`;
      assert.equal(await output(place, `dnpc sql ${data} ${tasks}`), before);
      await output(place, `dnpc span-types ${data}`);
      await output(place, `dnpc import ${name} -q -o ${name}.sqlite3`);
      const { code } = await shell(`dnpc import runinfo/ -q -o ${data}`);
      assert.equal(code, 125);
      assert.deepEqual(content(), old, name);
      counted.survived++;
    }
    const mine = `"SELECT DISTINCT task_func_name AS n FROM monitoring_task"`;
    assert.equal(
      await output(place, `dnpc sql log/monitoring.db ${mine}`),
      "n\nmine\n",
    );
  }));
