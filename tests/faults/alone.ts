import { fileURLToPath } from "node:url";
import { strict as assert } from "node:assert";
import type { DoorName } from "./doors.ts";
import type { Alone } from "./import_alone.ts";
import { assertPlain, assertPlainReason } from "./plainly.ts";

const program = fileURLToPath(new URL("import_alone.ts", import.meta.url));

/** The command that imports a path in a process of its own. */
export const importing = (
  door: DoorName,
  path: string,
  database?: string,
): string[] => [
  // All, to see in /proc how much memory it had at most.
  ...[Deno.execPath(), "run", "--allow-all", program, door, path],
  ...database === undefined ? [] : [database],
];

/** Runs a command that imports, and takes what it says. */
export async function run(
  [command, ...args]: readonly string[],
): Promise<Alone> {
  const { stdout, stderr, success } = await new Deno.Command(command!, {
    args,
    env: { NO_COLOR: "1" },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/**
 * Imports what is dangerous in a process of its own, and checks that it neither
 * takes more memory than that, nor says what is not plain.
 */
export async function importAlone(
  door: DoorName,
  path: string,
  { megabytes = 600 }: { megabytes?: number } = {},
): Promise<Alone> {
  const result = await run(importing(door, path));
  if (result.error) assertPlain(result.error.message, path);
  for (const { error, path } of result.sources) {
    if (error !== undefined) assertPlainReason(error, path);
  }
  for (const { reason, path } of result.notRead) {
    if (reason !== undefined) assertPlainReason(reason, path);
  }
  assert.ok(result.peak < megabytes, `it took ${result.peak} MB`);
  return result;
}
