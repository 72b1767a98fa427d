import { logVolume } from "dnpc/questions";
import { strict as assert } from "node:assert";
import {
  filesNamed,
  larger,
  onLogs,
  tzLogs,
  wqLogs,
} from "../importers/logs.ts";

onLogs(
  "logVolume() adds up to all bytes of all logs, by template and by task",
  [tzLogs, wqLogs, larger("obs-wf"), larger("htex-head")],
  (db) => {
    const logs = db.query<{ path: string; bytes: number; lines: number }>(
      "SELECT * FROM source WHERE importer <> 'monitoring.db'",
    );
    const read = logs.reduce(
      (sum, { path }) => sum + Deno.statSync(path).size,
      0,
    );
    const lines = logs.reduce((sum, log) => sum + log.lines, 0);
    for (const rows of [logVolume(db), logVolume(db, { by: "task" })]) {
      const total = (name: "bytes" | "lines" | "share") =>
        (rows as { bytes: number; lines: number; share: number }[])
          .reduce((sum, row) => sum + row[name], 0);
      assert.ok(
        Math.abs(total("bytes") - read) < 1,
        `${total("bytes")} ${read}`,
      );
      assert.ok(Math.abs(total("lines") - lines) < 1e-6);
      assert.ok(Math.abs(total("share") - 1) < 1e-9);
    }
  },
);

onLogs(
  "logVolume() measures the lines of a template",
  [larger("htex-head")],
  (db, { path }) => {
    const [file] = [...filesNamed(path, /^manager\.log$/)];
    assert.ok(file);
    const ready = [...filesNamed(path, /^manager\.log$/)]
      .flatMap((file) => Deno.readTextFileSync(file).split("\n"))
      .filter((line) => /ready workers: \d+, pending tasks/.test(line));
    const row = logVolume(db)
      .find(({ event_type }) => event_type?.startsWith("ready workers"))!;
    const bytes = ready.reduce((sum, line) => sum + line.length + 1, 0);
    assert.equal(row.lines, ready.length);
    assert.ok(
      Math.abs(row.bytes - bytes) < bytes / 20,
      `${row.bytes} ${bytes}`,
    );
  },
);

onLogs(
  "logVolume() measures the logs of one run",
  [larger("mon-htex")],
  (db, { path }) => {
    const size = (run: string): number =>
      filesNamed(`${path}/${run}`, /./).reduce(
        (sum, file) => sum + Deno.statSync(file).size,
        0,
      );
    const bytes = (run: string) =>
      Math.round(
        logVolume(db, { run }).reduce((sum, row) => sum + row.bytes, 0),
      );
    const read = db.query<{ rundir: string; bytes: number }>(
      `SELECT rundir, sum(bytes) AS bytes FROM source WHERE rundir IS NOT NULL
       GROUP BY rundir ORDER BY rundir`,
    );
    assert.deepEqual(
      ["000", "001"].map(bytes),
      read.map(({ bytes }) => bytes),
    );
    assert.ok(bytes("000") <= size("000"));
    const runs = new Set(
      logVolume(db, { by: "task", run: "001" }).map(({ run }) => run),
    );
    assert.deepEqual(runs, new Set([null, "001"]));
  },
);
