/**
 * Imports and draws repeatedly, and prints the memory use in between as JSON.
 * Run in a separate process with --v8-flags=--expose-gc.
 *
 * @module
 */
import { importRuninfo } from "dnpc/importers";
import { type Chart, lifelines, spansInState, timeline } from "dnpc/plots";
import { openDatabase } from "dnpc/sql";
import { statesOverTime } from "dnpc/questions";

const [runs, imports, charts] = Deno.args as [string, string, string];

interface Memory {
  heap: number;
  resident: number;
}

async function memory(): Promise<Memory> {
  for (let i = 0; i < 3; i++) {
    (globalThis as unknown as { gc(): void }).gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { heapUsed, rss } = Deno.memoryUsage();
  return { heap: heapUsed / 1e6, resident: rss / 1e6 };
}

/**
 * Memory use after 40% of the repetitions and at their end. The first ones fill
 * caches and load modules.
 */
async function measured(
  times: number,
  work: (i: number) => unknown,
): Promise<{ from: Memory; to: Memory }> {
  const repeat = async (first: number, last: number) => {
    for (let i = first; i <= last; i++) await work(i);
    return await memory();
  };
  const from = await repeat(1, times * 0.4);
  return { from, to: await repeat(times * 0.4 + 1, times) };
}

let rows: object[] = [];
const found = {
  imports: await measured(Number(imports), async (i) => {
    const engine = i % 2 ? "native" : "sqljs";
    using db = await openDatabase(undefined, { engine });
    await importRuninfo(db, runs);
    rows = [...db.query(statesOverTime("parsl.rundir.try"))];
  }),
  svg: await measured(Number(charts), (i) => {
    const draw: (rows: object[]) => Chart = [
      spansInState,
      timeline,
      lifelines,
    ][i % 3]!;
    return draw(rows).html();
  }),
  png: await measured(
    Number(charts) / 10,
    () => spansInState(rows).png({ scale: 1 }),
  ),
};
console.log(JSON.stringify(found));
