import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inCheckout } from "../../tools/checkout.ts";
import { ensureJupyter } from "../../tools/jupyter.ts";
import { type Ended, run } from "../../tools/programs.ts";

Deno.test("ensureJupyter() returns a working nbconvert", async () => {
  const { nbconvert, environment } = await ensureJupyter();
  const ended = await run([...nbconvert, "--version"], { environment });
  assert.equal(ended.success, true, ended.stderr);
});

Deno.test("ensureJupyter() is quick once Jupyter is installed", async () => {
  await ensureJupyter();
  const start = performance.now();
  await ensureJupyter();
  // Jupyter from PATH takes longer: its version is checked.
  assert.ok(performance.now() - start < 5000);
});

Deno.test("ensureJupyter() says what to install if Python is missing", async () => {
  await inFreshCheckout(async (checkout) => {
    const { success, stderr } = await prepare(checkout, checkout);
    assert.equal(success, false);
    assert.match(stderr, /PATH has no python3/);
    assert.match(stderr, /apt-get install python3-pip/);
    assert.doesNotMatch(stderr, /\.ts:/);
  });
});

Deno.test("ensureJupyter() says what to install if pip is missing", async () => {
  await inFreshCheckout(async (checkout) => {
    const bin = join(checkout, "bin");
    await writeProgram(
      join(bin, "python3"),
      `case "$2" in *pip*) exit 1;; *) echo 3 12;; esac`,
    );
    const { stderr } = await prepare(checkout, bin);
    assert.match(stderr, /python3 has no pip/);
    assert.match(stderr, /apt-get install python3-pip/);
  });
});

Deno.test("ensureJupyter() names a Python that is too old, and the required version", async () => {
  await inFreshCheckout(async (checkout) => {
    const bin = join(checkout, "bin");
    await writeProgram(join(bin, "python3"), "echo 3 8");
    const { stderr } = await prepare(checkout, bin);
    assert.match(stderr, /needs Python 3\.10 or later, and .*python3 is 3\.8/);
  });
});

Deno.test("ensureJupyter() skips a jupyter that does not run, and says so", async () => {
  await inFreshCheckout(async (checkout) => {
    const bin = join(checkout, "bin");
    await writeProgram(
      join(bin, "jupyter"),
      "echo 'No module named traitlets' >&2; exit 1",
    );
    const { stderr } = await prepare(checkout, bin);
    assert.match(
      stderr,
      /jupyter is not used: .*--version" fails \(No module named traitlets\)/,
    );
    assert.match(stderr, /PATH has no python3/);
  });
});

Deno.test("ensureJupyter() installs nothing if the jupyter on PATH works", async () => {
  await inFreshCheckout(async (checkout) => {
    const bin = join(checkout, "bin");
    await writeProgram(join(bin, "jupyter"), "echo 7.16.0");
    const { success, stderr } = await prepare(checkout, bin);
    assert.equal(success, true, stderr);
    assert.equal(stderr, "");
  });
});

/** Runs a test in a copy of tools/ without any installation. */
async function inFreshCheckout(
  test: (checkout: string) => Promise<void>,
): Promise<void> {
  const checkout = await Deno.makeTempDir({ prefix: "dnpc checkout " });
  try {
    for (const folder of ["tools", "bin"]) {
      await Deno.mkdir(join(checkout, folder));
    }
    for await (const { name, isFile } of Deno.readDir(inCheckout("tools"))) {
      if (!isFile) continue;
      await Deno.copyFile(
        inCheckout("tools", name),
        join(checkout, "tools", name),
      );
    }
    await test(checkout);
  } finally {
    await Deno.remove(checkout, { recursive: true });
  }
}

/** Calls ensureJupyter() of that checkout with nothing but `path` on PATH. */
async function prepare(checkout: string, path: string): Promise<Ended> {
  const module = (name: string) =>
    JSON.stringify(pathToFileURL(join(checkout, "tools", name)).href);
  const script = join(checkout, "prepare.ts");
  await Deno.writeTextFile(
    script,
    `import { ensureJupyter } from ${module("jupyter.ts")};
import { runTask } from ${module("set_up_error.ts")};
await runTask(async () => void await ensureJupyter());`,
  );
  return await run([
    Deno.execPath(),
    "run",
    "--allow-all",
    "--no-check",
    "--quiet",
    script,
  ], { environment: { PATH: path } });
}

async function writeProgram(path: string, body: string): Promise<void> {
  await Deno.writeTextFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}
