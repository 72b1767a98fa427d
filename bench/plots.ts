import { openDatabase } from "../sql/mod.ts";
import { figures } from "./figures.ts";
import { growth } from "./growth.ts";
import { denoProgram, measure, pythonProgram } from "./measure.ts";
import { pythonPackages } from "./python_packages.ts";
import { megabytes, type Row } from "./table.ts";

/** Charts of up to a million rows at 1, 4 and 16 times, and matplotlib. */
export async function charts(folder: string): Promise<Row[]> {
  const path = `${folder}/rows.sqlite3`;
  await makeRows(path, 1e6);
  const env = await pythonPackages();
  const rows: Row[] = [];
  for (const [name, figure] of Object.entries(figures)) {
    const { helper, of, sql, maxRows = 1e6, python } = figure;
    const points = [];
    for (const share of [16, 4, 1]) {
      const count = String(maxRows / share);
      points.push(await measure(denoProgram("draw.ts", path, name, count)));
    }
    const { output, memory } = points.at(-1)!;
    const other = python && await measure({
      ...pythonProgram(
        "draw.py",
        path,
        python,
        sql,
        String(maxRows),
        folder,
      ),
      env,
    });
    rows.push({
      "": of ? `${helper}, ${of}` : helper,
      "rows": maxRows.toLocaleString("en-US"),
      "read, s": output.read,
      "draw, s": output.seconds,
      "draw / read": output.seconds! / output.read!,
      "exponent": growth(points).exponent,
      "kB": output.bytes! / 1000,
      "MB": megabytes(memory),
      "drawing, MB": megabytes(memory - output.held!),
      "matplotlib, s": other ? other.output.seconds : undefined,
      "kB ": other ? other.output.bytes! / 1000 : undefined,
      "MB ": other ? megabytes(other.memory) : undefined,
    });
  }
  return rows;
}

/** Creates tables of reproducible tries and state changes. */
async function makeRows(path: string, count: number): Promise<void> {
  using db = await openDatabase(path);
  db.exec(
    "CREATE TABLE try (launched REAL, running REAL, ended REAL, app)",
  );
  // Remainders modulo primes, so that neighbouring rows differ.
  db.run(
    `WITH RECURSIVE n (i) AS (
       SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
     INSERT INTO try
     SELECT launched, launched + wait, launched + wait + (i * 31 % 97) / 9.0,
       'app ' || i * 13 % 200
     FROM (SELECT i, 1795344042 + i * 0.01 + (i * 7919 % 10007) / 1000.0
         AS launched, pow((i * 6151 % 10009) / 10009.0, 3) * 60 AS wait FROM n)`,
    [count],
  );
  // Each span passes through five states, the last of them final. Rows are in
  // order of time, as in logs.
  db.exec("CREATE TABLE change (span INTEGER, time REAL, state TEXT)");
  db.exec(
    `INSERT INTO change
     SELECT span, time + step * 3.0 + (span * (step + 3) * 7919 % 10007) / 800.0,
       state
     FROM (SELECT rowid / 5 AS span, rowid % 5 AS step,
         CASE rowid % 5 WHEN 0 THEN 'pending' WHEN 1 THEN 'launched'
           WHEN 2 THEN 'running' WHEN 3 THEN 'running_ended'
           ELSE 'exec_done' END AS state,
         1795344042 + (rowid / 5) * 0.05 AS time FROM try)
     ORDER BY 2`,
  );
  // Consecutive tasks of 4,800 workers in 25 blocks.
  db.exec(
    "CREATE TABLE activity (executor, block, worker INTEGER, start REAL, 'end')",
  );
  db.exec(
    `INSERT INTO activity
     SELECT 'htex', 'block ' || worker % 25, worker, start,
       start + 0.5 + (i * 6151 % 10009) / 500.0
     FROM (SELECT i, i % 4800 AS worker,
         1795344042 + i / 4800 * 25.0 + (i * 7919 % 10007) / 3000.0 AS start
       FROM (SELECT rowid - 1 AS i FROM try LIMIT 1000000))
     ORDER BY start`,
  );
}
