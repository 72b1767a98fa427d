// The same rows must give the same chart. After a deliberate change,
//
//   UPDATE_SNAPSHOTS=1 deno task test tests/plots/snapshots_test.ts
//
// rewrites tests/plots/snapshots; look at the difference before committing it.

import * as plots from "dnpc/plots";
import assert from "node:assert/strict";
import { glob } from "node:fs/promises";
import { snapshots } from "./snapshots.ts";

const folder = new URL("snapshots/", import.meta.url);
const isUpdate = Deno.env.get("UPDATE_SNAPSHOTS") === "1";

/** A zone whose offset from UTC is not a whole number of hours. */
const zone = "Asia/Kathmandu";

async function inZone<T>(run: () => Promise<T>): Promise<T> {
  const before = Deno.env.get("TZ");
  Deno.env.set("TZ", zone);
  try {
    assert.equal(new Date(0).getHours(), 5);
    return await run();
  } finally {
    if (before === undefined) Deno.env.delete("TZ");
    else Deno.env.set("TZ", before);
  }
}

/** One element per line, numbers rounded to tenths, ids without hashes, no theme. */
const normalized = (svg: string) =>
  svg.replace(/<style>.*?<\/style>/, "").replaceAll("><", ">\n<")
    .replace(/\d+\.\d{2,}/g, (digits) => String(+Number(digits).toFixed(1)))
    .replace(/\bclip-\w+-(\d+)/g, "clip-$1") + "\n";

const fileOf = (name: string) =>
  new URL(`${name.replaceAll(" ", "-")}.svg`, folder);

for (const [name, draw] of Object.entries(snapshots)) {
  Deno.test(`a chart matches its snapshot: ${name}`, async () => {
    const svg = normalized((await inZone(async () => await draw())).svg);
    assert.ok(svg.length < 60_000, `a snapshot of ${svg.length} bytes`);
    if (isUpdate) await Deno.writeTextFile(fileOf(name), svg);
    const lines = (text: string) => text.split("\n");
    assert.deepEqual(
      lines(svg),
      lines(await Deno.readTextFile(fileOf(name))),
      `${name} has changed: see the head of this file`,
    );
  });
}

Deno.test("each snapshot belongs to a chart", async () => {
  const files = Object.keys(snapshots).map((name) =>
    fileOf(name).pathname.split("/").at(-1)
  );
  for await (const { name } of Deno.readDir(folder)) {
    if (files.includes(name)) continue;
    if (isUpdate) await Deno.remove(new URL(name, folder));
    else assert.fail(`no chart is drawn for tests/plots/snapshots/${name}`);
  }
});

Deno.test("each function that returns a chart has a snapshot", async () => {
  const folder = new URL("../../plots/", import.meta.url);
  const helper =
    /export (?:async )?function (\w+)(?:(?!\n}\n)[^])*?\): (?:Promise<)?Chart>? {/g;
  const helpers: string[] = [];
  for await (const path of glob("*/*.ts", { cwd: folder })) {
    const text = await Deno.readTextFile(new URL(path, folder));
    for (const [, name] of text.matchAll(helper)) {
      if (name! in plots) helpers.push(name!);
    }
  }
  // Fails if the pattern no longer finds the helpers.
  assert.ok(helpers.includes("plot") && helpers.includes("dependencyGraph"));
  const drawn = Object.keys(snapshots).map((name) => name.split(" ")[0]!);
  assert.deepEqual(
    helpers.filter((name) => !drawn.includes(name)),
    [],
    "add them to tests/plots/snapshots.ts",
  );
});
