import { strict as assert } from "node:assert";
import { randomNumbers } from "../importers/damage.ts";
import { assertLinear } from "../importers/growth.ts";
import { inFolder } from "../sql/engines.ts";
import { importAlone } from "./alone.ts";
import { figures, times } from "./figures.ts";

const counted = figures("logs whose names never come again");

const random = randomNumbers(11);
const word = () =>
  Array.from(
    { length: 12 },
    () => String.fromCharCode(97 + Math.floor(random() * 26)),
  ).join("");

const at = (i: number) =>
  `${(1795347184 + i / 1000).toFixed(6)} 2026-11-22 06:33:04 `;
const place = "parsl.dataflow.dflow:947 submit DEBUG:";
const thread = "MainProcess-3143 MainThread-140494187823168";

/** Text that is new in every line, so that no cache can help. */
const logs: Record<string, (i: number) => string> = {
  "a new thread and module": (i) =>
    `${at(i)}MainProcess-${i} ${word()}-${i} ${word()}.${word()}:947 ` +
    `${word()} DEBUG: hello`,
  "a new message": (i) =>
    `${at(i)}${thread} ${place} ${word()} ${word()} ${word()}`,
  "new text without a time": () => `\0${word()}`,
  "a new long word": () => word().repeat(5),
};

/** Imports a log of so many lines, and returns the processor time. */
async function imported(
  line: (i: number) => string,
  lines: number,
): Promise<number> {
  let cost = NaN;
  await inFolder(async (folder) => {
    using file = await Deno.open(`${folder}/parsl.log`, {
      ...{ write: true, createNew: true },
    });
    const encoder = new TextEncoder();
    const write = (text: string) => {
      const bytes = encoder.encode(text);
      for (let at = 0; at < bytes.length;) {
        at += file.writeSync(bytes.subarray(at));
      }
    };
    write(`${at(0)}${thread} ${place} Starting DataFlowKernel\n`);
    for (let i = 0; i < lines; i += 1000) {
      const some = Array.from({ length: 1000 }, (_, j) => line(i + j));
      write(some.map((text) => `${text}\n`).join(""));
    }
    counted.inputs++;
    const result = await importAlone("importRuninfo", folder, {
      megabytes: 500,
    });
    cost = result.cost;
    assert.equal(result.sources[0]!.lines, lines + 1);
    counted.survived++;
    counted.rows += lines;
  });
  return cost;
}

for (const [claim, line] of Object.entries(logs)) {
  Deno.test(`importRuninfo() needs bounded memory and linear time for a long log with ${claim} in each line`, () =>
    assertLinear((lines) => imported(line, lines), times(12_000, 200_000)));
}
