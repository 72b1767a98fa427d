// `deno task test`: installs what the tests need where it can, runs them with the
// command that deno.json gives, in two processes if all of them, and says what is
// missing for those that were ignored.

import { rm } from "node:fs/promises";
import { inCheckout } from "./checkout.ts";
import { findBrowser } from "./find_browser.ts";
import { ensureJupyter } from "./jupyter.ts";
import { findOnPath } from "./programs.ts";
import { runTask } from "./set_up_error.ts";

/** A program that some tests need, and the others do without. */
interface Program {
  name: string;
  find: () => string | undefined;
  /** Debian packages. */
  packages: string[];
  /** The last words of "Without it, the tests that ... are ignored". */
  use: string;
  /** How to have it. */
  advice: string;
}

const programs: Program[] = [
  {
    name: "Chromium or Chrome",
    find: findBrowser,
    packages: ["chromium", "fontconfig", "fonts-dejavu-core"],
    use: "open charts, pages and JupyterLab in a browser",
    advice: "Install one (Debian: apt-get install chromium), or set its " +
      "path: CHROMIUM=/path/to/chrome.",
  },
  {
    name: "the sqlite3 shell",
    find: () => findOnPath("sqlite3"),
    packages: ["sqlite3"],
    use: "paste printed SQL into it",
    advice: "Install it (Debian, Ubuntu: apt-get install sqlite3).",
  },
];

const isMissing = ({ find }: Program) => find() === undefined;

await runTask(async () => {
  const missing = programs.filter(isMissing);
  await ensureJupyter();
  if (missing.length && await canInstall()) await install(missing);
  await rm(inCheckout(".test_imports"), { recursive: true, force: true });
  const [, ...test] = Deno.args;
  const code = await runTests(test);
  for (const { name, use, advice } of missing.filter(isMissing)) {
    console.error(
      `Without ${name}, the tests that ${use} were ignored. ${advice}`,
    );
  }
  Deno.exit(code);
});

/**
 * Runs the tests. All of them run in two processes, because one uses little more
 * than a core; what the second prints follows the first.
 *
 * @returns the exit code
 */
async function runTests(test: string[]): Promise<number> {
  const environment = { TEST_RUN: String(Deno.pid) };
  const isAll = test.slice(1).every((arg) =>
    arg.startsWith("-") && !arg.startsWith("--watch")
  );
  if (!isAll) return (await spawn(Deno.execPath(), test, environment)).code;
  const second = new Deno.Command(Deno.execPath(), {
    args: test,
    env: { ...environment, TEST_PART: "second" },
    stdin: "null",
  }).output();
  const first = { ...environment, TEST_PART: "first" };
  const { code } = await spawn(Deno.execPath(), test, first);
  const { code: otherCode, stdout, stderr } = await second;
  await writeAll(Deno.stdout, stdout);
  await writeAll(Deno.stderr, stderr);
  return code || otherCode;
}

function writeAll(
  to: typeof Deno.stdout,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  return new Blob([bytes]).stream()
    .pipeTo(to.writable, { preventClose: true });
}

/** Whether this is root on Debian, Ubuntu or a system derived from them. */
async function canInstall(): Promise<boolean> {
  if (Deno.uid() !== 0 || findOnPath("apt-get") === undefined) return false;
  const release = await Deno.readTextFile("/etc/os-release").catch(() => "");
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}

/** Installs Debian packages; without success, their tests are ignored. */
async function install(programs: Program[]): Promise<void> {
  const environment = { DEBIAN_FRONTEND: "noninteractive" };
  await spawn("apt-get", ["update", "--quiet"], environment);
  // One by one: Ubuntu has no Chromium package, but has the others.
  for (const { name, packages } of programs) {
    console.error(
      `${name} missing: installing ${packages.join(", ")} with apt-get`,
    );
    const options = ["--quiet", "--yes", "--no-install-recommends"];
    await spawn("apt-get", ["install", ...options, ...packages], environment);
  }
}

/** Runs a program whose output shows here. */
function spawn(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Deno.CommandStatus> {
  return new Deno.Command(program, { args, env, stdin: "null" })
    .spawn().status;
}
