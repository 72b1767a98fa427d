import { strict as assert } from "node:assert";
import { type ImportReport, importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { inFolder } from "../sql/engines.ts";
import { copyOf, tz, wq } from "./databases.ts";
import { withFiles } from "./logs.ts";

/** Imports tz and wq from a folder whose name contains markup. */
const withReport = (
  work: (report: ImportReport, folder: string) => void,
): Promise<void> =>
  inFolder(async (temporary) => {
    const folder = `${await Deno.realPath(temporary)}/<b>&`;
    await Deno.mkdir(folder);
    await copyOf(tz, `${folder}/tz.db`);
    await copyOf(wq, `${folder}/wq.db`);
    for (const name of ["worker_0.log", "worker_1.log", "parsl.log"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "12345");
    }
    using db = await openDatabase();
    work(await importRuninfo(db, folder, tz.options), folder);
  });

const worker = "000/htex/block-0/abc/worker";
const workerLine = (message: string) =>
  `2026-11-22 10:40:42.780 worker_log:586 8742 MainThread [INFO]  ${message}\n`;

Deno.test("ImportReport has all counts per source, and their sums", () =>
  withReport((report, folder) => {
    const { sources: [first, second], notRead, ...sums } = report;
    assert.deepEqual(first, {
      path: `${folder}/tz.db`,
      importer: "monitoring.db",
      outcome: "imported",
      bytes: 180224,
      lines: 575,
      matched: 575,
      unmatched: 0,
      unmatchedTemplates: [],
      malformed: 0,
      malformedLines: [],
      continued: 0,
      cut: 0,
      copies: 0,
      clock: "America/New_York",
      ambiguousTimes: 0,
      spans: 135,
      events: 469,
      metrics: 792,
      records: 0,
    });
    assert.deepEqual(sums, {
      spans: first!.spans + second!.spans,
      events: first!.events + second!.events,
      metrics: first!.metrics + second!.metrics,
      bindings: sums.bindings,
      // sqlite3 monitoring.db "SELECT count(*) FROM task", and "SELECT
      // count(DISTINCT task_id) FROM status WHERE task_status_name IN
      // ('failed', 'dep_fail')", in both files
      database: {
        runs: 2,
        unfinishedRuns: 0,
        tasks: 62 + 104,
        failed: 3 + 5,
        sources: 2,
      },
      seconds: sums.seconds,
    });
    assert.equal(sums.bindings.made, 0);
    assert.ok(sums.seconds > 0);
    assert.deepEqual(notRead[0], { path: `${folder}/parsl.log`, bytes: 5 });
  }));

const inOneSecond = (text: string) => text.replace(/in [\d.]+ s/, "in 1 s");

Deno.test("ImportReport is displayed as a sentence and notes", () =>
  withReport((report, folder) => {
    assert.equal(
      inOneSecond(String(report)),
      `\
2 runs, 166 tasks, 8 failed, 2 files read, nothing broken.
Times without a zone are read as America/New_York
3 other files not read: parsl.log, worker_N.log
Read from ${folder}/ in 1 s`,
    );
    assert.equal(Deno.inspect(report), String(report));
    assert.equal(`${JSON.stringify(report)}`.includes("toString"), false);
  }));

Deno.test("ImportReport says what is broken, in words", () =>
  withFiles({
    [`${worker}_0.log`]: workerLine("Received executor task 1") +
      "2026-11-22 10:40:42.7 worker_log:586 8742 MainThread [IN\n" +
      workerLine("Completed executor task 1") + "2026-11-22 10:",
    "monitoring.db": "SQLite format 3\0 and nothing else",
  }, (_, report) => {
    const [first, ...notes] = String(report).split("\n");
    assert.equal(first, "1 file read, 1 could not be read, 1 broken line.");
    assert.match(
      notes[0]!,
      /^Could not be read: monitoring\.db \(file is not /,
    );
    assert.match(notes[1]!, /^1 broken line in .*worker_0\.log: line 2$/);
    assert.match(
      notes[2]!,
      /^Left out: the last line of .*worker_0\.log, which/,
    );
  }));

Deno.test("ImportReport.details() has tables", () =>
  withReport((report, folder) =>
    assert.equal(
      inOneSecond(report.details()),
      `\
source  importer       outcome   lines  matched  spans  events  metrics
──────  ─────────────  ────────  ─────  ───────  ─────  ──────  ───────
tz.db   monitoring.db  imported    575      575    135     469      792
wq.db   monitoring.db  imported    952      952    222     773    1,680
2 sources of ${folder}/ in 1 s

not read      files  size
────────────  ─────  ────
worker_N.log      2  10 B
parsl.log         1   5 B
3 files not read`,
    )
  ));

Deno.test("ImportReport is displayed in a notebook with escaped text", () =>
  withReport((report) => {
    const display = Symbol.for("Jupyter.display") as unknown as "display";
    const shown = report as unknown as {
      display: () => Record<string, string>;
    };
    const bundle = shown[display]();
    assert.deepEqual(Object.keys(bundle), ["text/html", "text/plain"]);
    assert.equal(bundle["text/plain"], String(report));
    const html = bundle["text/html"]!;
    assert.ok(html.includes("&lt;b&gt;&amp;/"));
    assert.ok(!html.includes("<b>"));
    const [sentence, details] = html.split("<details>");
    assert.match(sentence!, /^<p>2 runs, 166 tasks, 8 failed, 2 files read, /);
    assert.equal(details!.match(/<table /g)?.length, 2);
  }));

Deno.test("ImportReport displays many similar files as one", () => {
  const line = "2026-11-22 10:40:42.788 worker_log:537 8742 MainThread " +
    "[INFO]  Received executor task 7\n";
  const logs = Array.from({ length: 50 }, (_, i) => [
    `000/htex/block-0/4c57a1f4c2b${i % 10}/worker_${i}.log`,
    line.repeat(i + 1),
  ]);
  return withFiles(
    Object.fromEntries([
      ...logs,
      [
        "000/htex/interchange.log",
        "2026-11-22 10:40:42.788 interchange:478 MainProcess(1) MainThread f " +
        "[DEBUG] Put task 7 onto pending_task_queue\n",
      ],
    ]),
    (_, report) => {
      const [, , first, second, ...others] = report.details().split("\n")
        .map((row) => row.trim().split(/ {2,}/));
      assert.equal(first![0], "interchange.log");
      assert.deepEqual(second, [
        "block-0/4c57a1f4c2b0/worker_0.log and 49 more like it",
        "worker.log",
        "imported",
        "1,275",
        "1,275",
        "50",
        "1,275",
      ]);
      assert.match(others[0]![0]!, /^51 sources of /);
      // The fields still list each file.
      assert.equal(report.sources.length, 51);
    },
  );
});

Deno.test("ImportReport names logs without an event that has a name", () =>
  withFiles({
    [`${worker}_0.log`]: workerLine("Worker 0 has begun") +
      workerLine("Worker 0 does 5"),
    [`${worker}_1.log`]: workerLine("Worker 1 has begun"),
  }, (_, report) => {
    assert.deepEqual(report.sources.map(({ isUnnamed }) => isUnnamed), [
      true,
      true,
    ]);
    assert.match(
      String(report),
      /No line of worker\.log is an event with a name: the program may be of a version/,
    );
  }));

Deno.test("ImportReport names no log if another of its kind has names", () =>
  withFiles({
    [`${worker}_0.log`]: workerLine("Worker 0 started"),
    [`${worker}_1.log`]: workerLine("Worker 1 has begun"),
  }, (_, report) => assert.doesNotMatch(report.toString(), /with a name/)));

Deno.test("ImportReport lists ids in names of unread files as one kind", () =>
  inFolder(async (folder) => {
    for (const id of ["0f0c46d2955a", "089e72833bf5"]) {
      await Deno.writeTextFile(`${folder}/stdin-${id}`, "12345");
    }
    using db = await openDatabase();
    const report = await importRuninfo(db, folder);
    assert.match(report.details(), /^stdin-N +2 +10 B$/m);
    assert.match(
      String(report),
      /^Nothing was imported: no importer reads any of these files\.\n2 other files .*: stdin-N$/,
    );
  }));
