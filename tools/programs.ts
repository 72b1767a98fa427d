import { delimiter, join } from "node:path";

/** What a program that ended has left. */
export interface Ended {
  success: boolean;
  stdout: string;
  stderr: string;
}

/** Where and with what a program runs. */
export interface RunOptions {
  /** The directory it runs in: this process's, by default. */
  cwd?: string;
  /** Variables beside those of this process. */
  environment?: Record<string, string>;
}

/**
 * Runs a program to its end. One that cannot be started at all counts as one
 * that failed, and the reason is its stderr.
 */
export async function run(
  command: readonly string[],
  { cwd, environment }: RunOptions = {},
): Promise<Ended> {
  const [program, ...args] = command;
  if (program === undefined) throw new TypeError("No program to run");
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

/** The first of these programs that is found on PATH, as an absolute path. */
export function findOnPath(...names: string[]): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(delimiter);
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (folder !== "" && isProgram(path)) return path;
    }
  }
}

/** Whether this path is a file that may be executed. */
export function isProgram(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && (mode === null || (mode & 0o111) !== 0);
  } catch {
    return false;
  }
}

/** What somebody types to run this Deno, as a word of a shell: by npx or alone. */
export function denoCommand(): string {
  // There npx puts what it has fetched, out of everybody's PATH.
  return Deno.execPath().includes("/_npx/")
    ? `npx -y deno@${Deno.version.deno}`
    : "deno";
}
