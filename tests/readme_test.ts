import assert from "node:assert/strict";
import { join } from "node:path";
import { inCheckout } from "../tools/checkout.ts";
import { inPlace } from "./cli/shell.ts";

const readme = Deno.readTextFileSync(inCheckout("README.md"));

Deno.test("the notebook in README.md works with a real path", async () => {
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
        args: [
          "run",
          "--no-prompt",
          "--allow-read",
          `--config=${inCheckout("deno.json")}`,
          path,
        ],
      },
    ).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    assert.match(new TextDecoder().decode(stdout), /^108 spans: mean 17\.62 s/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the commands in README.md work with a real path", () =>
  inPlace(async ({ folder, shell }) => {
    const [, block] = /## In a shell\n\n```sh\n([\s\S]*?)```/.exec(readme)!;
    const commands = block!
      .replaceAll("deno task dnpc", "dnpc")
      .replace("/path/to/your/runinfo", "runinfo/");
    const { code, stdout, stderr } = await shell(`set -e\n${commands}`);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /\np95\n[\d.]+\n$/);
    assert.match(stderr, /p95 is [\d.]+, within the limit/);
    assert.ok(Deno.statSync(`${folder}/wait.svg`).size > 10_000);
    const trace = await Deno.readTextFile(`${folder}/trace.json`);
    assert.ok(JSON.parse(trace).traceEvents.length > 1000);
  }));

Deno.test("deno task dnpc and an installed dnpc work in the current directory", () =>
  inPlace(async ({ folder, shell }) => {
    const deno = `'${Deno.execPath()}'`;
    const config = `'${inCheckout("deno.json")}'`;
    const question = 'sql runs.sqlite3 "SELECT 5 AS n" --no-header';
    // Deno's task shell looks for deno on the PATH.
    await Deno.symlink(Deno.execPath(), `${folder}/bin/deno`);
    const task = await shell(
      // INIT_CWD is set if a task runs these tests.
      `unset INIT_CWD; ${deno} task --quiet --config ${config} dnpc ${question}`,
    );
    assert.equal(task.stdout, "5\n", task.stderr);
    const [, line] = /```sh\n(deno install[\s\S]*?)```/.exec(readme)!;
    const installed = await shell(
      line!.replace("deno install", "deno install --root .")
        .replace("deno.json", config)
        .replace("cli.ts", `'${inCheckout("cli.ts")}'`)
        .replace("--name dnpc", "--name installed").trimEnd() +
        ` && bin/installed ${question}`,
    );
    assert.match(installed.stdout, /(^|\n)5\n$/, installed.stderr);
  }));

Deno.test("the user's folder in README.md is created in the current directory", () =>
  inPlace(async ({ folder, shell }) => {
    const [, line] = /^npx -y deno@\S+ (task notebook:init .*)$/m.exec(readme)!;
    const here = line!.replace("~/my-runs", "my-runs")
      .replace("/path/to/your/runinfo", "runinfo")
      .replace("task", `task --config '${inCheckout("deno.json")}'`);
    await Deno.symlink(Deno.execPath(), `${folder}/bin/deno`);
    const made = await shell(`unset INIT_CWD; deno ${here}`);
    assert.equal(made.code, 0, made.stderr);
    const notebook = await Deno.readTextFile(`${folder}/my-runs/start.ipynb`);
    assert.ok(notebook.includes(`${await Deno.realPath(folder)}/runinfo`));
  }));

Deno.test("README.md names only existing files and tasks", () => {
  for (const [, path] of readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
    assert.ok(Deno.statSync(inCheckout(path!)), path);
  }
  const { tasks } = JSON.parse(Deno.readTextFileSync(inCheckout("deno.json")));
  for (const [, task] of readme.matchAll(/deno(?:@[\d.]+)? task ([\w:]+)/g)) {
    assert.ok(task! in tasks, task);
  }
});
