import assert from "node:assert/strict";
import { importRuninfo } from "dnpc/importers";
import {
  coverage,
  criticalPath,
  eventSequences,
  logVolume,
  utilisation,
  workerActivity,
  workerIdleTime,
} from "dnpc/questions";
import { inCheckout } from "../../tools/checkout.ts";
import { openDatabase } from "dnpc/sql";

/** The lines displayed in a notebook and in a terminal. */
function shown(rows: object): string[] {
  const display = Symbol.for("Jupyter.display") as unknown as "display";
  const bundle = (rows as { display(): Record<string, string> })[display]();
  return bundle["text/plain"]!.split("\n");
}

Deno.test("every question displays a table that fits, with units", async () => {
  using db = await openDatabase();
  await importRuninfo(db, inCheckout("tests/fixtures/tz/runinfo"), {
    timeZone: "America/New_York",
  });
  const tables: [rows: object[], units: RegExp][] = [
    [eventSequences(db, "parsl.rundir.task"), /\(s\)/],
    [eventSequences(db, "parsl.rundir.task", { align: "step" }), /\(s\)/],
    [logVolume(db), /share.* kB .* B /s],
    [logVolume(db, { by: "task" }), /share \(%\)/],
    [coverage(db), /\(%\)/],
    [utilisation(db), /\(UTC.*\(s\).*\(%\)/s],
    [utilisation(db, { by: "worker", per: 1 }), /\(s\)/],
    [workerIdleTime(db), /\(s\)/],
    [workerActivity(db), /\(UTC.*\(s\)/s],
    [criticalPath(db), /\(s\)/],
  ];
  for (const [rows, units] of tables) {
    const table = shown(rows);
    assert.match(table.join("\n"), units);
    assert.ok(table.some((line) => line.startsWith(`${rows.length} row`)));
    for (const line of table) assert.ok([...line].length <= 120, line);
  }
});

Deno.test("logVolume() displays bytes with a unit and the share in percent", async () => {
  using db = await openDatabase();
  await importRuninfo(db, inCheckout("tests/fixtures/tz/runinfo"));
  const [volume] = logVolume(db).filter(({ log }) => log === "manager.log");
  assert.ok(volume!.share > 0.05 && volume!.share < 1);
  const line = shown(logVolume(db)).find((line) =>
    line.startsWith("manager.log")
  )!;
  const [kilobytes, share] = /([\d.]+) kB +([\d.]+)$/.exec(line)!.slice(1);
  assert.ok(Math.abs(Number(kilobytes) - volume!.bytes / 1e3) < 0.6);
  assert.ok(Math.abs(Number(share) - 100 * volume!.share) < 0.006);
});
