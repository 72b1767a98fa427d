import {
  arrivalsOf,
  lifelinesOf,
  spansInState,
  stateCounts,
  timeline,
} from "dnpc/plots";
import { importRuninfo } from "dnpc/importers";
import { statesOverTime, whereIsEveryTask } from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import assert from "node:assert/strict";
import { join } from "node:path";
import { formats } from "../../importers/formats/list.ts";
import { inKnownOrder, isEnded } from "../../plots/rows/state_order.ts";

/** The names in their order, if the data have them in the opposite one. */
const inOrder = (names: readonly string[]) =>
  inKnownOrder([...names.keys()].reverse(), names).map((n) => names[n]!);

for (const { name, spanTypes } of formats) {
  Deno.test(`the states of ${name} are in the order of its format, if they are known`, () => {
    for (const { states = [] } of spanTypes) {
      const known = states.map(({ event }) => event)
        .filter((event) => isEnded(event) !== undefined);
      assert.deepEqual(inOrder(known), known);
      for (const { event, isFinal = false } of states) {
        // Of a queue's task, DONE is the last state without being final.
        if (name !== "parsl" && name !== "monitoring") continue;
        assert.equal(isEnded(event) ?? isFinal, isFinal, event);
      }
    }
  });
}

Deno.test("places of tasks are in the order of their formats", () => {
  const ranks = new Map(
    formats.flatMap(({ spanTypes }) => spanTypes)
      .flatMap(({ states = [] }) => states)
      .flatMap(({ place }) => place ? [place] : []),
  );
  const names = [...ranks.keys()].sort((a, b) => ranks.get(a)! - ranks.get(b)!);
  assert.equal(names.length, 12);
  assert.deepEqual(inOrder(names), names);
});

Deno.test("no state changes its place when a run was cut at any moment", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const source = "tests/fixtures/tz/runinfo/000";
    const [logs, log] = [join(folder, "000"), join(folder, "000", "parsl.log")];
    await copyFolder(source, logs);
    const lines = (await Deno.readTextFile(join(source, "parsl.log")))
      .split("\n");
    // Which of two states came first, in each chart.
    const first = new Map<string, string>();
    for (let part = 6; part > 0; part--) {
      const kept = lines.slice(0, Math.ceil(lines.length * part / 6));
      await Deno.writeTextFile(log, kept.join("\n"));
      using db = await openDatabase();
      await importRuninfo(db, logs);
      for (
        const question of [
          statesOverTime("parsl.rundir.try"),
          whereIsEveryTask(),
        ]
      ) {
        const rows = db.query(question);
        const orders = {
          stack: stateCounts(rows).names,
          legend: spansInState(rows).options.legend!.map(({ label }) => label),
          timeline: timeline(rows).options.legend!.map(({ label }) => label),
          flow: arrivalsOf(rows).steps.map(({ step }) => step),
          lifelines: lifelinesOf(rows).steps.map(({ name }) => name),
        };
        for (const [chart, names] of Object.entries(orders)) {
          names.forEach((a, i) => {
            for (const b of names.slice(i + 1)) {
              const pair = [a, b].sort().join(" and ");
              const key = `${chart}: ${pair}`;
              const before = first.getOrInsert(key, a);
              assert.equal(a, before, `${key}, ${part} sixths`);
            }
          });
        }
      }
    }
    assert.equal(first.get("stack: done and in the DFK"), "done");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    if (isDirectory) await copyFolder(source, target);
    else await Deno.copyFile(source, target);
  }
}
