// Reads rows from a database and draws them: draw.ts DATABASE FIGURE ROWS

import { openDatabase } from "dnpc/sql";
import * as plots from "dnpc/plots";
import { type FigureName, figures } from "../figures.ts";

const [path, name, rows] = Deno.args as [string, FigureName, string];
const { sql, helper } = figures[name];
// deno-lint-ignore no-explicit-any
const draw = (plots as any)[helper] as (rows: object[]) => plots.Chart;

// What is loaded once is not of the one chart.
draw([]);
using db = await openDatabase(path, { readOnly: true });
db.query(sql, [10]);

const start = performance.now();
const read = db.query(sql, [Number(rows)]);
const drawing = performance.now();
const { svg, png } = draw(read);
const end = performance.now();
png();
const seconds = (from: number, to: number) => (to - from) / 1000;
console.log(JSON.stringify({
  seconds: seconds(start, end),
  read: seconds(start, drawing),
  svg: seconds(drawing, end),
  png: seconds(drawing, performance.now()),
  bytes: svg.length,
}));
