import { openDatabase } from "../sql/mod.ts";
import * as plots from "../plots/mod.ts";
import { type BenchmarkFigure, figures } from "./figures.ts";
import { denoProgram, measure, type Measured } from "./measure.ts";
import type { Part } from "./part.ts";
import { pythonPackages } from "./python_packages.ts";
import { megabytes, type Row } from "./table.ts";

/** Charts of 100 to 10 million rows, beside what matplotlib makes of them. */
export const charts: Part = {
  name: "plots",
  about: "reading the rows of a chart, drawing it as SVG, and that with its " +
    "PNG, in seconds; the SVG in kB, the most memory in MB; then the same of " +
    "pandas and matplotlib, which draw SVG and PNG apart",
  async run(folder) {
    const path = `${folder}/rows.sqlite3`;
    const mostRows = Number(Deno.env.get("BENCH_MOST_ROWS") ?? 1e7);
    await makeRows(path, mostRows);
    const variables = await pythonPackages();
    const rows: Row[] = [];
    for (const [name, figure] of Object.entries(figures)) {
      for (const count of [1e2, 1e3, 1e4, 1e5, 1e6, 1e7]) {
        if (count > Math.min(mostRows, figure.mostRows)) continue;
        const times = count < 1e5 ? 3 : 1;
        const own = figure.helper in plots
          ? await measure({
            ...denoProgram("draw.ts", path, name, String(count)),
            times,
          })
          : undefined;
        const other = figure.inPython
          ? await measure({
            command: "env",
            args: [
              ...Object.entries(variables).map(([name, value]) =>
                `${name}=${value}`
              ),
              ...["python3", pathOf("python/draw.py"), path, name],
              ...[figure.sql, String(count), folder],
            ],
            times,
          })
          : undefined;
        rows.push(rowOf(figure, count, own, other));
      }
    }
    return rows;
  },
};

const pathOf = (name: string) =>
  decodeURIComponent(new URL(name, import.meta.url).pathname);

function rowOf(
  { helper }: BenchmarkFigure,
  rows: number,
  own: Measured | undefined,
  other: Measured | undefined,
): Row {
  return {
    helper,
    rows: rows.toLocaleString("en-US"),
    read: own?.said.read,
    SVG: own?.said.svg,
    PNG: own?.said.png,
    kB: own && own.said.bytes! / 1000,
    MB: own && megabytes(own.memory),
    pandas: other?.said.read,
    "its SVG": other?.said.svg,
    "its PNG": other?.said.png,
    "its kB": other && other.said.bytes! / 1000,
    "its MB": other && megabytes(other.memory),
  };
}

/** Tries, and changes of the state of spans, which are the same in each run. */
async function makeRows(path: string, most: number): Promise<void> {
  using db = await openDatabase(path);
  db.exec("CREATE TABLE try (launched REAL, running REAL, ended REAL, worker)");
  // Remainders by primes, so that neighbours differ.
  db.run(
    `WITH RECURSIVE n (i) AS (
       SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
     INSERT INTO try
     SELECT launched, launched + wait, launched + wait + (i * 31 % 97) / 9.0,
       'worker ' || i % 32
     FROM (SELECT i, 1795344042 + i * 0.01 + (i * 7919 % 10007) / 1000.0
         AS launched, pow((i * 6151 % 10009) / 10009.0, 3) * 60 AS wait FROM n)`,
    [most],
  );
  db.exec("CREATE TABLE change (span INTEGER, time REAL, state TEXT)");
  // Each span goes through five states, of which the last is its end.
  db.run(
    `INSERT INTO change
     SELECT span, time + step * 3.0 + (span * 7919 % 101) / 50.0,
       CASE step WHEN 0 THEN 'pending' WHEN 1 THEN 'launched'
         WHEN 2 THEN 'running' WHEN 3 THEN 'running_ended' ELSE 'exec_done' END
     FROM (SELECT rowid / 5 AS span, rowid % 5 AS step,
       1795344042 + (rowid / 5) * 0.05 AS time FROM try LIMIT ?)`,
    [Math.min(most, 1e6)],
  );
}
