import { openDatabase } from "../sql/mod.ts";
import { type BenchmarkFigure, figures } from "./figures.ts";
import {
  denoProgram,
  measure,
  type Measured,
  pythonProgram,
} from "./measure.ts";
import type { Part } from "./part.ts";
import { pythonPackages } from "./python_packages.ts";
import { exponent, megabytes } from "./table.ts";

/** Charts of 10,000 to 10 million rows, compared with matplotlib. */
export const charts: Part = {
  name: "plots",
  about: "reading the rows of a chart and drawing it as SVG, in seconds; the " +
    "one by the other; the exponent to which drawing grows with the rows; the " +
    "SVG in kB; the most memory in MB, and how much of it came with drawing; " +
    "then the same of pandas and matplotlib",
  async run(folder) {
    const path = `${folder}/rows.sqlite3`;
    const maxRows = Number(Deno.env.get("BENCH_MOST_ROWS") ?? 1e7);
    await makeRows(path, maxRows);
    const env = await pythonPackages();
    const rows: MeasuredRow[] = [];
    for (const [name, figure] of Object.entries(figures)) {
      const points: { size: number; seconds: number }[] = [];
      for (const count of [1e4, 1e5, 1e6, 1e7]) {
        if (count > Math.min(maxRows, figure.maxRows ?? 1e6)) continue;
        const times = count < 1e5 ? 3 : 1;
        const own = await measure({
          ...denoProgram("draw.ts", path, name, String(count)),
          times,
        });
        points.push({ size: count, seconds: own.output.svg! });
        const other = figure.python && count <= (figure.pythonMaxRows ?? 1e6)
          ? await measure({
            ...pythonProgram(
              "draw.py",
              path,
              figure.python,
              figure.sql,
              String(count),
              folder,
            ),
            env,
          })
          : undefined;
        rows.push(rowOf(figure, count, own, other));
      }
      if (points.length > 1) rows.at(-1)!.exponent = exponent(points);
    }
    return rows;
  },
};

type MeasuredRow = Record<string, string | number | undefined>;

function rowOf(
  { helper, of }: BenchmarkFigure,
  rows: number,
  { output, memory }: Measured,
  other: Measured | undefined,
): MeasuredRow {
  return {
    helper: of ? `${helper}, ${of}` : helper,
    rows: rows.toLocaleString("en-US"),
    read: output.read,
    draw: output.svg,
    "draw / read": output.svg! / output.read!,
    exponent: undefined,
    kB: output.bytes! / 1000,
    MB: megabytes(memory),
    "of it drawing": megabytes(memory - output.held!),
    pandas: other?.output.read,
    matplotlib: other?.output.svg,
    "its kB": other && other.output.bytes! / 1000,
    "its MB": other && megabytes(other.memory),
  };
}

/** Creates tables of reproducible tries and state changes. */
async function makeRows(path: string, most: number): Promise<void> {
  using db = await openDatabase(path);
  db.exec(
    "CREATE TABLE try (launched REAL, running REAL, ended REAL, worker, app)",
  );
  // Remainders modulo primes, so that neighbouring rows differ.
  db.run(
    `WITH RECURSIVE n (i) AS (
       SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
     INSERT INTO try
     SELECT launched, launched + wait, launched + wait + (i * 31 % 97) / 9.0,
       'worker ' || i % 32, 'app ' || i * 13 % 200
     FROM (SELECT i, 1795344042 + i * 0.01 + (i * 7919 % 10007) / 1000.0
         AS launched, pow((i * 6151 % 10009) / 10009.0, 3) * 60 AS wait FROM n)`,
    [most],
  );
  // Each span passes through five states, the last of them final; with 40 kinds
  // of span these are 200 states. Rows are in order of time, as in logs.
  db.exec("CREATE TABLE change (span INTEGER, time REAL, state TEXT, fine)");
  db.exec(
    `INSERT INTO change
     SELECT span, time + step * 3.0 + (span * (step + 3) * 7919 % 10007) / 800.0,
       state, state || ' ' || span % 40
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
