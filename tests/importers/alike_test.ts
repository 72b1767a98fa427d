import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { inFolder } from "../sql/engines.ts";

const banner = `${"#".repeat(100)}\n`.repeat(5);

const line = (task: number) =>
  `1795347184.${task} 2026-11-22 06:33:04 MainProcess-1 MainThread-2 ` +
  `parsl.dataflow.dflow:947 submit INFO: Task ${task} submitted for App f, ` +
  "not waiting on any dependency\n";

/** The number of files that work opens. */
async function opened(work: () => Promise<unknown>): Promise<number> {
  const { openSync } = Deno;
  let times = 0;
  Deno.openSync = (...args) => {
    times++;
    return openSync(...args);
  };
  try {
    await work();
  } finally {
    Deno.openSync = openSync;
  }
  return times;
}

/** The number of files opened to import runs: new, unchanged, and moved. */
async function openedFor(runs: number): Promise<number[]> {
  let counts: number[] = [];
  await inFolder(async (folder) => {
    for (let run = 0; run < runs; run++) {
      const path = `${folder}/before/${1000 + run}`;
      await Deno.mkdir(path, { recursive: true });
      await Deno.writeTextFile(`${path}/parsl.log`, banner + line(1000 + run));
    }
    using db = await openDatabase();
    const again = () => importRuninfo(db, folder);
    const before = [await opened(again), await opened(again)];
    await Deno.rename(`${folder}/before`, `${folder}/after`);
    counts = [
      ...before,
      await opened(async () => {
        const { sources, renamed } = await again();
        assert.ok(sources.every(({ outcome }) => outcome === "unchanged"));
        assert.equal(renamed?.length, runs);
      }),
    ];
  });
  return counts;
}

Deno.test("importRuninfo() opens each of many logs that begin alike only a few times", async () => {
  const [few, many] = [await openedFor(10), await openedFor(40)];
  few.forEach((times, i) => assert.ok(many[i]! <= 5 * times, `${few} ${many}`));
});
