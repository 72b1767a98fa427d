import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { inFolder } from "../sql/engines.ts";
import { importAlone, importing, run } from "./alone.ts";
import { isWhole, times } from "./figures.ts";

/**
 * Writes a parsl.log of a run that submits all of its tasks at first, launches
 * them, and then ends them: two spans a task.
 */
async function writeLog(folder: string, tasks: number): Promise<void> {
  using file = await Deno.open(`${folder}/parsl.log`, {
    ...{ write: true, createNew: true },
  });
  const encoder = new TextEncoder();
  const place = "MainProcess-3143 MainThread-140494187823168 " +
    "parsl.dataflow.dflow:947 submit INFO:";
  const said = [
    (task: number) =>
      `Task ${task} submitted for App top, ` +
      (task > 0 ? `waiting on task ${task - 1}` : independent),
    (task: number) =>
      `Parsl task ${task} try 0 launched on executor htex with executor id ${
        task + 1
      }`,
    (task: number) => `Task ${task} changing state from launched to exec_done`,
  ];
  let line = 0;
  for (const say of said) {
    for (let task = 0; task < tasks; task += 1000) {
      const some = Array.from(
        { length: Math.min(1000, tasks - task) },
        (_, i) =>
          `${(1795347184 + line++ / 1000).toFixed(6)} 2026-11-22 06:33:04 ` +
          `${place} ${say(task + i)}\n`,
      );
      const bytes = encoder.encode(some.join(""));
      for (let at = 0; at < bytes.length;) {
        at += file.writeSync(bytes.subarray(at));
      }
    }
  }
}

const independent = "not waiting on any dependency";

const tasks = times(40_000, 80_000);
const heap = times(32, 48);
const smallHeap = `--v8-flags=--max-old-space-size=${heap}`;
const cli = fileURLToPath(new URL("../../cli.ts", import.meta.url));

Deno.test(`a run of ${tasks} tasks is imported, and asked about, in a heap of ${heap} MB`, () =>
  inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/runinfo/000`, { recursive: true });
    await writeLog(`${folder}/runinfo/000`, tasks);
    const [command, ...args] = importing(
      "importRuninfo",
      folder,
      `${folder}/db`,
    );
    args.splice(1, 0, smallHeap);
    const { error, sources: [source] } = await run([command!, ...args]);
    assert.equal(error, undefined);
    assert.equal(source!.events, 3 * tasks);
    // Reads the tries twice: with the attempts, and stage by stage.
    const { success, stderr } = await new Deno.Command(command!, {
      args: [
        "run",
        smallHeap,
        "--allow-all",
        cli,
        "bottleneck",
        `${folder}/db`,
      ],
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
  }));

Deno.test({
  name: "importRuninfo() takes at most 100 bytes of memory for each more span",
  ignore: !isWhole,
  fn: () =>
    inFolder(async (folder) => {
      const peaks: number[] = [];
      for (const tasks of [125_000, 500_000]) {
        await Deno.mkdir(`${folder}/${tasks}/000`, { recursive: true });
        await writeLog(`${folder}/${tasks}/000`, tasks);
        const { peak, sources: [source] } = await importAlone(
          "importRuninfo",
          `${folder}/${tasks}`,
          { database: `${folder}/${tasks}.db` },
        );
        assert.equal(source!.events, 3 * tasks);
        peaks.push(peak);
      }
      const spans = 2 * (500_000 - 125_000);
      const each = (peaks[1]! - peaks[0]!) * 2 ** 20 / spans;
      assert.ok(each < 100, `${each} bytes a span, ${peaks} MB`);
    }),
});
