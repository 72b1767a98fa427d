import { importLines } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { gzipSync } from "node:zlib";
import { rows } from "./databases.ts";
import { events, spans, withLines } from "./line_logs.ts";
import { larger } from "./logs.ts";

const time = /^(?<time>\d+\.\d+) /;
const lines = [{ match: /^(?<event>\w+)$/, span: "worker" }];
const started = "1000000000.5 started\n";

Deno.test("importLines() takes attributes from the path, even for files of equal content", () =>
  withLines(
    {
      "logs/b/worker_1.log": started,
      "logs/a/worker_2.log": started,
      "logs/a/worker_1.log": started,
      "logs/a/worker_1.err": started,
    },
    { path: /logs\/(?<node>\w+)\/worker_(?<worker>\d+)\.log$/, time, lines },
    async (db, { sources, notRead }, folder) => {
      assert.deepEqual(
        sources.map(({ path }) => path.slice(folder.length)),
        [
          "/logs/a/worker_1.log",
          "/logs/a/worker_2.log",
          "/logs/b/worker_1.log",
        ],
      );
      assert.deepEqual(notRead, []);
      assert.deepEqual(events(db), [
        "1 worker a/1: started",
        "1 worker a/2: started",
        "1 worker b/1: started",
      ]);
      assert.equal(spans(db)[0], 'worker: {"node":"a","worker":"1"}');
      await Deno.rename(`${folder}/logs`, `${folder}/old_logs`);
      const patterns = {
        path: /logs\/(?<node>\w+)\/worker_(?<worker>\d+)\.log$/,
        time,
        lines,
      };
      const again = await importLines(db, folder, patterns);
      assert.ok(again.sources.every(({ outcome }) => outcome === "unchanged"));
    },
  ));

Deno.test("importLines() allows non-identifying groups in the path and lets a line override the path", () =>
  withLines(
    { "5-a.log": started + "1000000001.5 b: stopped\n" },
    {
      path: /(?<day>\d)-(?<worker>\w)(?<part>\.part)?\.log$/,
      time,
      lines: [
        { match: /^(?<event>\w+)$/, span: "worker", details: ["day"] },
        {
          match: /^(?<worker>\w): (?<event>\w+)$/,
          span: "worker",
          details: ["day"],
        },
      ],
    },
    (db) => {
      assert.deepEqual(events(db), [
        "1 worker a/: started",
        "2 worker b/: stopped",
      ]);
      assert.equal(spans(db)[0], 'worker: {"day":"5","worker":"a"}');
    },
  ));

Deno.test("importLines() reads the files below a directory that contain times and reports the others", () =>
  withLines(
    {
      "b.log": started,
      "a/c": `a banner\n\n${started}${started}`,
      "notes.txt": "no time here\n",
      "empty.log": "",
      "picture.png": new Uint8Array([137, 80, 78, 71, 0, 255, 10]),
    },
    { time, lines },
    (db, { sources, notRead }, folder) => {
      const names = (files: { path: string; reason?: string }[]) =>
        files.map((
          { path, reason },
        ) => [path.slice(folder.length + 1), reason]);
      assert.deepEqual(names(sources), [
        ["b.log", undefined],
        ["a/c", undefined],
      ]);
      assert.deepEqual(names(notRead), [
        ["empty.log", "empty"],
        ["notes.txt", "no line with a time"],
        ["picture.png", "no line with a time"],
      ]);
      assert.equal(events(db).length, 3);
    },
  ));

Deno.test("importLines() reports an empty file", () =>
  withLines({ "a.log": "" }, { time, lines }, (_, { sources, notRead }) => {
    assert.deepEqual(sources, []);
    assert.equal(notRead[0]!.reason, "empty");
  }));

Deno.test("importLines() reads files in a tarball and gzip files like unpacked ones", () =>
  withLines(
    {
      "logs/a/worker_1.log": started,
      "logs/b/worker_1.log": started,
      "logs/b/notes.txt": "no time here\n",
    },
    { path: /(?<node>\w)\/worker_1\.log$/, time, lines },
    async (db, _, folder) => {
      const patterns = { path: /(?<node>\w)\/worker_1\.log$/, time, lines };
      const before = rows(db, "SELECT * FROM span JOIN event");
      const { success } = await new Deno.Command("tar", {
        args: ["--sort=name", "-czf", "logs.tgz", "logs"],
        cwd: folder,
      }).output();
      assert.ok(success);
      const tarball = `${folder}/logs.tgz`;
      const again = await importLines(db, tarball, patterns);
      assert.deepEqual(
        again.sources.map(({ path, outcome }) => [path, outcome]),
        [
          [`${tarball}/logs/a/worker_1.log`, "unchanged"],
          [`${tarball}/logs/b/worker_1.log`, "unchanged"],
        ],
      );
      assert.deepEqual(rows(db, "SELECT * FROM span JOIN event"), before);

      using other = await openDatabase();
      await importLines(other, tarball, patterns);
      assert.deepEqual(events(other), events(db));
      const changed = { ...patterns, lines: [{ ...lines[0]!, span: "w" }] };
      const { sources } = await importLines(other, tarball, changed);
      assert.ok(sources.every(({ outcome }) => outcome === "replaced"));
      assert.deepEqual(events(other), ["1 w a: started", "1 w b: started"]);

      await Deno.mkdir(`${folder}/c`);
      await Deno.writeFile(
        `${folder}/c/worker_1.log.gz`,
        gzipSync(`${started}1000000001.5 stopped\n`),
      );
      const packed = await importLines(db, `${folder}/c`, patterns);
      assert.equal(packed.sources[0]!.outcome, "imported");
      assert.deepEqual(events(db).slice(2), [
        "1 worker c: started",
        "2 worker c: stopped",
      ]);
      assert.deepEqual(packed.notRead, []);
      await assert.rejects(
        importLines(db, tarball, { ...patterns, path: /\.csv$/ }),
        /^TypeError: path, .* matches no file: .*logs\.tgz has 3, such as /,
      );
    },
  ));

Deno.test("importLines() does not read databases", () =>
  withLines(
    { "a.log": started },
    { time, lines },
    async (db, _, folder) => {
      await Deno.copyFile(
        "tests/fixtures/tz/runinfo/monitoring.db",
        `${folder}/monitoring.db`,
      );
      const report = await importLines(db, folder, { time, lines });
      assert.deepEqual(report.sources.map(({ outcome }) => outcome), [
        "unchanged",
      ]);
      assert.equal(report.notRead[0]!.reason, "no line with a time");
    },
  ));

Deno.test("importLines() gives the same result for two files about one span in either order", async () => {
  const text = (event: string) => `1000000000.5 Ida ${event}\n`;
  const found: string[][] = [];
  for (const [a, b] of [["came", "left"], ["left", "came"]]) {
    await withLines(
      { "a.log": text(a!), "b.log": text(b!) },
      { time, lines: [{ match: /(?<ship>\w+) (?<event>\w+)/, span: "ship" }] },
      (db) => {
        assert.deepEqual(spans(db), ['ship: {"ship":"Ida"}']);
        found.push(events(db).sort());
      },
    );
  }
  assert.deepEqual(found[0], found[1]);
});

// Counted by grep and by Python: a thousand calls in synthetic.log, bound to a
// thousand UUIDs; two thousand tasks in endpoint.log; two thousand in the
// workers' logs, including all of the calls.
const funcx = larger("funcx").path.replace("runinfo", "");
const isHere = (() => {
  try {
    return Deno.statSync(`${funcx}endpoint.log`).isFile;
  } catch {
    return false;
  }
})();

Deno.test({
  name: "importLines() reads all logs of funcX",
  ignore: !isHere,
  fn: async () => {
    using db = await openDatabase();
    const counts = (type: string) =>
      rows(
        db,
        `SELECT count(DISTINCT span.id), count(*) FROM span
         JOIN event ON span_id = span.id WHERE span.type = '${type}'`,
      )[0];
    const unix = /^(?<time>[\d.]+) .*?:\d+ \S+ /;
    const client = await importLines(db, `${funcx}synthetic.log`, {
      time: unix,
      lines: [{ match: /FUNC (?<call>\d+) (?<event>\w+)$/, span: "call" }],
    });
    assert.equal(client.sources[0]!.lines, 10326);
    assert.equal(client.sources[0]!.matched, 4000);
    assert.deepEqual(counts("call"), [1000, 4000]);
    const endpoint = await importLines(db, `${funcx}endpoint.log`, {
      time: unix,
      lines: [
        { match: /(?<event>Received) task: (?<task>\S+)/, span: "task" },
        { match: /(?<event>Sent) task (?<task>\S+)/, span: "task" },
        { match: /manager:? b'(?<manager>\w+)'/, span: "manager" },
      ],
    });
    assert.equal(endpoint.sources[0]!.lines, 9823);
    assert.equal(endpoint.sources[0]!.continued, 63);
    assert.deepEqual(counts("task"), [2000, 4000]);
    assert.equal(counts("manager")![0], 3);
    const workers = await importLines(db, `${funcx}worker_logs`, {
      path: /(?<manager>\w+)\/funcx_worker_(?<worker>\d+)\.log$/,
      time: unix,
      lines: [
        { match: /Received task with task_id='(?<task>.+?)'/, span: "run" },
        { match: /./, span: "worker" },
      ],
    });
    assert.equal(workers.sources.length, 17);
    assert.deepEqual(counts("run"), [2000, 2000]);
    assert.equal(counts("worker")![0], 17);
  },
});
