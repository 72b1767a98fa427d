import { largeTextLogs } from "./inputs.ts";
import {
  denoProgram,
  measure,
  type Measured,
  type Program,
} from "./measure.ts";
import type { Part } from "./part.ts";
import { megabytes, type Row } from "./table.ts";

/** Text logs of a large run, imported, bound and indexed. */
export const textLogs: Part = {
  name: "text",
  about: "the text logs of a large run, imported, bound and indexed",
  async run(folder) {
    const runinfo = largeTextLogs(folder);
    const log = `${runinfo}/000/parsl.log`;
    const program = (what: string, program: Program, file?: string) => ({
      ...{ what, program, file },
    });
    const programs = [
      program(
        "dnpc, node:sqlite",
        denoProgram("import.ts", runinfo, `${folder}/text.db`),
      ),
      program(
        "dnpc, sql.js",
        denoProgram("import.ts", runinfo, "", '{"engine":"sqljs"}'),
      ),
      program(
        "bare loop, parsl.log",
        denoProgram("bare_loop.ts", log, `${folder}/bare.db`),
        log,
      ),
    ];
    const rows: Row[] = [];
    for (const { what, program, file } of programs) {
      const measured = await measure(program);
      const bytes = file ? Deno.statSync(file).size : measured.said.bytes;
      rows.push(importRow(what, measured, bytes!));
    }
    return rows;
  },
};

function importRow(
  what: string,
  { seconds, memory, said: { lines = NaN, events = NaN } }: Measured,
  bytes: number,
): Row {
  return {
    "": what,
    "MB": megabytes(bytes),
    "s": seconds,
    "MB/s": megabytes(bytes) / seconds,
    "lines/s": lines / seconds,
    "events/s": events / seconds,
    "peak MB": megabytes(memory),
  };
}
