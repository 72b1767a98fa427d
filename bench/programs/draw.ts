// Reads rows from a database and draws them: draw.ts DATABASE FIGURE ROWS

import { openDatabase } from "dnpc/sql";
import * as plots from "dnpc/plots";
import { figures } from "../figures.ts";
import { cpuSeconds, peakMemory } from "../measure.ts";

const [path, name, count] = Deno.args as [string, string, string];
const { sql, edges, helper } = figures[name]!;
// deno-lint-ignore no-explicit-any
const draw = (plots as any)[helper] as (
  rows: object,
) => plots.Chart | Promise<plots.Chart>;

using db = await openDatabase(path, { readOnly: true });
const read = (rows: number) => {
  const nodes = db.query(sql, [rows]);
  return edges ? { nodes, edges: db.query(edges, [rows]) } : nodes;
};
// Warm-up: loading and compiling are not part of the measurement.
await draw(read(100));

const start = cpuSeconds();
const rows = read(Number(count));
const drawing = cpuSeconds();
const held = peakMemory();
const { svg } = await draw(rows);
const end = cpuSeconds();
console.log(JSON.stringify({
  read: drawing - start,
  seconds: end - drawing,
  bytes: new TextEncoder().encode(svg).length,
  held,
}));
