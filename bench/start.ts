import { importOf } from "./imports.ts";
import { largeTextLogs } from "./inputs.ts";
import { denoProgram, measure, race } from "./measure.ts";
import { megabytes, type Row } from "./table.ts";

/** Programs that only import a module. */
export async function startUp(): Promise<Row[]> {
  const modules = [
    "nothing",
    "dnpc/sql",
    "dnpc/importers",
    "dnpc/plots",
    "dnpc",
  ];
  const all = await race(modules.map((name) => denoProgram("load.ts", name)));
  return all.map(({ wall, cpu, memory, output }, i) => ({
    "": modules[i],
    "ms": 1000 * wall,
    "loading, ms": output.loading,
    "CPU, ms": 1000 * cpu,
    "peak MB": megabytes(memory),
  }));
}

/** The first cells of a notebook about an imported run. */
export async function firstChart(folder: string): Promise<Row[]> {
  const database = `${folder}/first.db`;
  await measure(importOf(largeTextLogs(folder), database));
  const [measured] = await race([denoProgram("first_chart.ts", database)]);
  const { rows, events, ...seconds } = measured!.output;
  const cells: Record<string, string> = {
    opened: 'import "dnpc" and openDatabase()',
    queried: `query of timesBetween: ${rows} rows`,
    drawn: "twoEvents",
    png: "its PNG: what a notebook shows",
    eventsOf: `eventsOf: ${events} events`,
    eventSequences: "eventSequences",
  };
  let before = 0;
  return Object.entries(cells).map(([name, cell]) => {
    const end = seconds[name]!;
    const row = { "": cell, "s": end - before, "since the start": end };
    before = end;
    return row;
  });
}
