import { denoProgram, measure } from "./measure.ts";
import type { Part } from "./part.ts";
import { megabytes, type Row } from "./table.ts";

/** Start-up time of a program that imports the library. */
export const startUp: Part = {
  name: "start",
  about: "a program from its start to its end that imports nothing but this",
  async run() {
    const rows: Row[] = [];
    for (
      const name of [
        "nothing",
        "dnpc/sql",
        "dnpc/importers",
        "dnpc/plots",
        "dnpc",
      ]
    ) {
      const program = denoProgram("load.ts", name);
      const { seconds, memory, output } = await measure({
        ...program,
        times: 5,
      });
      rows.push({
        "": name,
        "ms": 1000 * seconds,
        "of it loading": output.loading,
        "peak MB": megabytes(memory),
      });
    }
    return rows;
  },
};
