import { importRuninfo, openDatabase } from "dnpc";
import assert from "node:assert/strict";
import { join } from "node:path";
import { inCheckout } from "../../tools/checkout.ts";
import { executeNotebook, type NotebookCell } from "../../tools/notebook.ts";
import { writeNotebook } from "../tools/notebooks.ts";

// Interrupts a cell after four seconds, like the Stop button. Importing these 5 MB
// takes longer on any machine: decoding each 128 kB is delayed, first while logs
// are recognized, which decodes Latin-1, then while their lines are read.
const stop = { cellTimeout: 4, interrupt: true, allowErrors: true };
const lines = 30_000;
const delay = `const { decode } = TextDecoder.prototype;
const never = new Int32Array(new SharedArrayBuffer(4));
TextDecoder.prototype.decode = function (bytes, ...rest) {
  const isSlow = this.encoding === slow && bytes?.length > 1e5;
  if (isSlow) Atomics.wait(never, 0, 0, 140);
  return decode.call(this, bytes, ...rest);
};`;

Deno.test("an interrupt stops a long import", async (test) => {
  const folder = await makeFolder();
  try {
    await test.step(
      "into a file: the kernel survives, and the database is intact",
      () => stopIntoFile(folder),
    );
    await test.step(
      "into memory: the error says what is lost, and a new database works",
      () => stopIntoMemory(folder),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function stopIntoFile(folder: string): Promise<void> {
  const { cells } = await executeNotebook(
    await writeNotebook(folder, [
      'import { importRuninfo, openDatabase } from "dnpc";',
      `const db = await openDatabase("runs.sqlite3"); const held = 41;
let slow = "windows-1252";
${delay}`,
      'await importRuninfo(db, "runinfo");',
      'slow = "utf-8"; await importRuninfo(db, "runinfo");',
      "console.log(held + 1);",
      'db.query("SELECT path, lines FROM source").map(({ lines }) => lines)',
    ]),
    stop,
  );
  for (const cell of [cells[2], cells[3]]) {
    assert.match(error(cell), /^The import was stopped\. .*import again/);
  }
  assert.equal(text(cells[4]), "42\n");
  // The small log was already imported; its wc -l.
  assert.match(text(cells[5]), /1425/);
  assert.doesNotMatch(text(cells[5]), /30000/);

  using db = await openDatabase(join(folder, "runs.sqlite3"));
  const [check] = db.query("PRAGMA integrity_check");
  assert.deepEqual({ ...check }, { integrity_check: "ok" });
  const report = await importRuninfo(db, join(folder, "runinfo"));
  assert.deepEqual(
    report.sources.map(({ outcome, lines }) => [outcome, lines]),
    [["unchanged", 0], ["imported", lines]],
  );
  const [row] = db.query(
    `SELECT count(*) AS n FROM event JOIN source ON source.id = source_id
       WHERE path LIKE '%/001/parsl.log' AND type = 'launched'`,
  );
  assert.equal(row?.n, lines);
}

async function stopIntoMemory(folder: string): Promise<void> {
  const { cells } = await executeNotebook(
    await writeNotebook(folder, [
      'import { importRuninfo, openDatabase } from "dnpc";',
      `const db = await openDatabase(); const slow = "utf-8";\n${delay}`,
      'await importRuninfo(db, "runinfo");',
      `let result = "sound";
try {
  db.query("PRAGMA integrity_check");
  db.exec("CREATE TABLE mine (a)");
} catch (error) { result = error.message; }
console.log(result);`,
      `const other = await openDatabase();
const report = await importRuninfo(other, "runinfo/000");
console.log(report.sources[0].lines);`,
    ]),
    stop,
  );
  assert.match(error(cells[2]), /^The import was stopped/);
  assert.match(text(cells[3]), /^(sound|.* is lost: open another, .*)\n$/);
  assert.equal(text(cells[4]), "1425\n");
}

Deno.test("an interrupt of a query keeps the database in memory", async () => {
  const folder = await Deno.makeTempDir({ dir: inCheckout("tests", "tools") });
  try {
    const { cells } = await executeNotebook(
      await writeNotebook(folder, [
        'import { openDatabase, sql } from "dnpc";',
        `const db = await openDatabase();
db.exec("CREATE TABLE mine (n); INSERT INTO mine VALUES (1)");
const never = sql.materialized(
  sql\`WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)
    SELECT count(*) AS n FROM c\`, ["n"]);
const sum = sql.materialized(sql\`SELECT sum(n) AS n FROM mine\`, ["n"]);`,
        "db.query(sql`SELECT n FROM (${never})`)",
        `db.transaction(() => db.run("INSERT INTO mine VALUES (2)"));
console.log(db.query(sql\`SELECT n FROM (\${sum})\`)[0].n);`,
      ]),
      // Loading dnpc takes seconds on a slow machine, and this query has no end.
      { ...stop, cellTimeout: 8 },
    );
    assert.equal(text(cells[3]), "3\n");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** A folder where imports of "dnpc" work, with a small and a large run. */
async function makeFolder(): Promise<string> {
  const folder = await Deno.makeTempDir({ dir: inCheckout("tests", "tools") });
  const small = join(folder, "runinfo", "000");
  await Deno.mkdir(small, { recursive: true });
  await Deno.copyFile(
    inCheckout("tests", "fixtures", "tz", "runinfo", "000", "parsl.log"),
    join(small, "parsl.log"),
  );
  const large = join(folder, "runinfo", "001");
  await Deno.mkdir(large);
  using file = await Deno.create(join(large, "parsl.log"));
  const writer = file.writable.getWriter();
  const encoder = new TextEncoder();
  for (let first = 0; first < lines; first += 10_000) {
    const some = Array.from({ length: 10_000 }, (_, i) => launch(first + i));
    await writer.write(encoder.encode(some.join("")));
  }
  await writer.close();
  return folder;
}

function launch(task: number): string {
  const time = 1795347184 + task / 1000;
  const clock = new Date(time * 1000).toISOString().slice(0, 19)
    .replace("T", " ");
  return `${time.toFixed(6)} ${clock} MainProcess-3143 MainThread-1404 ` +
    `parsl.dataflow.dflow:726 launch_task INFO: Parsl task ${task} try 0 ` +
    `launched on executor htex_Local with executor id ${task + 1}\n`;
}

function text(cell: NotebookCell | undefined): string {
  return (cell?.outputs ?? []).map(({ text, data }) =>
    text ?? String(data?.["text/plain"] ?? "")
  ).join("");
}

function error(cell: NotebookCell | undefined): string {
  const found = cell?.outputs?.find(({ output_type }) =>
    output_type === "error"
  );
  return found?.evalue ?? "";
}
