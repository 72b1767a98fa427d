import { delimiter, join } from "node:path";
import { checkout } from "./checkout.ts";

/** The result of a program. */
export interface Ended {
  success: boolean;
  stdout: string;
  stderr: string;
}

/** Options of {@linkcode run}. */
export interface ProgramOptions {
  /** Working directory. By default that of this process. */
  cwd?: string;
  /** Environment variables to add. */
  environment?: Record<string, string>;
}

/** Runs a program. If it cannot start, it counts as failed; stderr says why. */
export async function run(
  command: readonly string[],
  { cwd, environment }: ProgramOptions = {},
): Promise<Ended> {
  const [program, ...args] = command;
  if (program === undefined) throw new TypeError("Expected a program to run");
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args,
      cwd,
      env: environment,
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    return {
      success,
      stdout: decoder.decode(stdout),
      stderr: decoder.decode(stderr),
    };
  } catch (error) {
    return { success: false, stdout: "", stderr: String(error) };
  }
}

/** Runs this Deno in the checkout; returns what it prints. */
export async function deno(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await run([Deno.execPath(), ...args], {
    cwd: checkout,
    environment: { NO_COLOR: "1" },
  });
  if (!success) throw new Error(stderr);
  return stdout;
}

/** Absolute path of the first of these programs on PATH. */
export function findOnPath(...names: string[]): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(delimiter);
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (folder !== "" && isProgram(path)) return path;
    }
  }
}

/** Whether a path is an executable file. */
export function isProgram(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && (mode === null || (mode & 0o111) !== 0);
  } catch {
    return false;
  }
}

/** How to type this Deno in a shell: with npx or alone. */
export function denoCommand(): string {
  // npx keeps packages here, outside PATH.
  return Deno.execPath().includes("/_npx/")
    ? `npx -y deno@${Deno.version.deno}`
    : "deno";
}
