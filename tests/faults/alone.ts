import { fileURLToPath } from "node:url";
import { strict as assert } from "node:assert";
import type { DoorName } from "./doors.ts";
import type { Alone } from "./import_alone.ts";
import { assertReadable, assertReadableReason } from "./readable.ts";

const program = fileURLToPath(new URL("import_alone.ts", import.meta.url));

/** The command that imports a path in a separate process. */
export const importing = (
  door: DoorName,
  path: string,
  database?: string,
): string[] => [
  Deno.execPath(),
  "run",
  "--allow-all",
  program,
  door,
  path,
  ...database === undefined ? [] : [database],
];

/** Runs an importing command and parses the JSON that it prints. */
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
 * Imports a hostile input in a separate process. Checks that peak memory stays
 * below `megabytes` and that every error message is readable.
 */
export async function importAlone(
  door: DoorName,
  path: string,
  { megabytes = 600, database }: { megabytes?: number; database?: string } = {},
): Promise<Alone> {
  const result = await run(importing(door, path, database));
  if (result.error) assertReadable(result.error.message, path);
  for (const { error, path } of result.sources) {
    if (error !== undefined) assertReadableReason(error, path);
  }
  for (const { reason, path } of result.notRead) {
    if (reason !== undefined) assertReadableReason(reason, path);
  }
  assert.ok(result.peak < megabytes, `peak memory: ${result.peak} MB`);
  return result;
}
