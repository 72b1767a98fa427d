import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { cpSync } from "node:fs";
import { main } from "../../cli/main.ts";
import { inCheckout } from "../../tools/checkout.ts";
import { permissionsOf } from "../../tools/permissions.ts";
import { importOnce, tzLogs } from "../importers/logs.ts";

/** Result of a command. */
export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * A directory with `runinfo`, `before`, `after` and `runs.sqlite3` in it, and
 * `dnpc` on the PATH.
 */
export interface Place {
  folder: string;
  /**
   * Runs a command line: in this process if it is one dnpc command, or several
   * joined by &&, else in a shell. permissions_test.ts runs every command with its own permissions.
   */
  shell(line: string): Promise<Ended>;
}

/**
 * The command that starts dnpc, with the permissions of its task.
 *
 * @param options of deno run
 */
export const dnpcCommand = (...options: string[]): string[] => [
  Deno.execPath(),
  "run",
  ...options,
  ...permissionsOf("dnpc"),
  `--config=${inCheckout("deno.json")}`,
  inCheckout("cli.ts"),
];

const runinfo = (name: string) =>
  inCheckout("tests", "fixtures", name, "runinfo");

/** Runs `work` in a new directory, which is then removed. */
export async function inPlace(
  work: (place: Place) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/bin`);
    const program = dnpcCommand().map((word) => `'${word}'`).join(" ");
    await Deno.writeTextFile(
      `${folder}/bin/dnpc`,
      `#!/bin/sh\nexec ${program} "$@"\n`,
      { mode: 0o755 },
    );
    await Deno.symlink(runinfo("tz"), `${folder}/runinfo`);
    // Runs are named by their real path.
    cpSync(runinfo("tz"), `${folder}/before`, { recursive: true });
    cpSync(runinfo("wq"), `${folder}/after`, { recursive: true });
    await importOnce(tzLogs, `${folder}/runs.sqlite3`);
    await work({
      folder,
      shell(line) {
        const commands = line.split(" && ").map(argumentsOfDnpc);
        return commands.every((args) => args !== undefined)
          ? runAllHere(folder, commands)
          : runInShell(folder, line);
      },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const piece = /[^\s'"\\|&;<>()$`*?[\]~#]|'[^']*'|"[^"$`\\]*"/.source;
const plainLine = new RegExp(`^dnpc(?: +(?:${piece})+)* *$`);
const word = new RegExp(`(?:${piece})+`, "g");

/** The arguments of dnpc; undefined where a line needs a shell. */
function argumentsOfDnpc(line: string): string[] | undefined {
  if (!plainLine.test(line)) return undefined;
  const [, ...args] = line.match(word)!;
  return args.map((arg) => arg.replace(/'([^']*)'|"([^"]*)"/g, "$1$2"));
}

/** Runs dnpc several times, up to the first that fails. */
async function runAllHere(
  folder: string,
  commands: readonly string[][],
): Promise<Ended> {
  const all: Ended = { code: 0, stdout: "", stderr: "" };
  for (const args of commands) {
    const { code, stdout, stderr } = await runHere(folder, args);
    all.code = code;
    all.stdout += stdout;
    all.stderr += stderr;
    if (code !== 0) break;
  }
  return all;
}

let last: Promise<unknown> = Promise.resolve();

/** Runs dnpc in this process: one command at a time, as they share its folder. */
function runHere(folder: string, args: string[]): Promise<Ended> {
  const own = last.then(() => runAlone(folder, args));
  last = own.catch(() => {});
  return own;
}

/** Runs dnpc in this process, with the folder as its working directory. */
async function runAlone(folder: string, args: string[]): Promise<Ended> {
  const before = Deno.cwd();
  const [stdout, stderr] = [captured(Deno.stdout), captured(Deno.stderr)];
  Deno.chdir(folder);
  try {
    const code = await main(args);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    Deno.chdir(before);
    stdout.release();
    stderr.release();
  }
}

/** Collects what is written to stdout or stderr, as if it were a pipe. */
function captured(stream: typeof Deno.stdout) {
  const written: Uint8Array[] = [];
  const { isTerminal, writeSync } = stream;
  Object.assign(stream, {
    isTerminal: () => false,
    writeSync(bytes: Uint8Array) {
      written.push(bytes.slice());
      return bytes.length;
    },
  });
  return {
    text: () => new TextDecoder().decode(Buffer.concat(written)),
    release: () => void Object.assign(stream, { isTerminal, writeSync }),
  };
}

async function runInShell(folder: string, line: string): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", line],
    cwd: folder,
    env: { PATH: `${folder}/bin:${Deno.env.get("PATH")}` },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** The stdout of a command that must succeed. */
export async function output(place: Place, line: string): Promise<string> {
  const { code, stdout, stderr } = await place.shell(line);
  assert.equal(code, 0, `${line}: ${stderr}`);
  return stdout;
}

/** The lines of tab-separated values, as objects. */
export function rowsOf(text: string): Record<string, string>[] {
  const [header, ...lines] = text.trimEnd().split("\n")
    .map((line) => line.split("\t"));
  return lines.map((cells) =>
    Object.fromEntries(header!.map((name, i) => [name, cells[i]!]))
  );
}
