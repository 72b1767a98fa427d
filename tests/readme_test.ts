import assert from "node:assert/strict";
import { join } from "node:path";
import { inCheckout } from "../tools/checkout.ts";

const readme = Deno.readTextFileSync(inCheckout("README.md"));

Deno.test("the notebook in README.md works, with a path that is there", async () => {
  const cells = [...readme.matchAll(/```ts ignore\n([\s\S]*?)```/g)]
    .map(([, cell]) => cell!);
  assert.equal(cells.length, 2);
  const runinfo = inCheckout("tests", "fixtures", "wq", "runinfo");
  const script = cells.join("\n")
    .replace('"/path/to/your/runinfo"', JSON.stringify(runinfo))
    .replace(/^twoEvents/m, "const chart = twoEvents") +
    "\nconsole.log(chart.caption);";
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "readme.ts");
    await Deno.writeTextFile(path, script);
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      {
        args: ["run", "-A", `--config=${inCheckout("deno.json")}`, path],
      },
    ).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    assert.match(new TextDecoder().decode(stdout), /^108 spans: mean 17\.62 s/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("README.md names only files and tasks that are there", () => {
  for (const [, path] of readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
    assert.ok(Deno.statSync(inCheckout(path!)), path);
  }
  const { tasks } = JSON.parse(Deno.readTextFileSync(inCheckout("deno.json")));
  for (const [, task] of readme.matchAll(/deno(?:@[\d.]+)? task (\w+)/g)) {
    assert.ok(task! in tasks, task);
  }
});
