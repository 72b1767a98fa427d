import { largeTextLogs } from "./inputs.ts";
import { denoProgram, measure } from "./measure.ts";
import type { Part } from "./part.ts";

/** Time from the start of a program to the first answers. */
export const firstChart: Part = {
  name: "first",
  about: "the first chart of a large run that is imported already, and its " +
    "events and their sequences: seconds since the program began",
  async run(folder) {
    const database = `${folder}/first.db`;
    await measure(
      denoProgram("import.ts", largeTextLogs(folder), database, "{}"),
    );
    const program = denoProgram("first_chart.ts", database);
    const { output: { rows, events, ...seconds } } = await measure({
      ...program,
      times: 3,
    });
    const about: Record<string, string> = {
      imported: 'import "dnpc"',
      opened: "openDatabase",
      queried: `query of timesBetween: ${rows} rows`,
      drawn: "twoEvents",
      png: "its PNG: what a notebook shows",
      eventsOf: `eventsOf: ${events} events`,
      eventSequences: "eventSequences",
    };
    let before = 0;
    return Object.entries(about).map(([name, what]) => {
      const end = seconds[name]!;
      const row = { "": what, "s": end - before, "since the start": end };
      before = end;
      return row;
    });
  },
};
