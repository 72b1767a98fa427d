import { DataError } from "../errors.ts";
import { visible } from "../../display/text/untrusted.ts";

/**
 * Makes a directory for an export. One with files in it is refused: what lies
 * there already would be read as a part of this export.
 *
 * @throws {DataError} if there is something
 */
export function makeFolder(path: string): void {
  try {
    Deno.mkdirSync(path, { recursive: true });
    if (Deno.readDirSync(path)[Symbol.iterator]().next().done) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
  throw new DataError(
    `${visible(path)} is there and not an empty directory. Give -o another ` +
      "name, or remove it first",
  );
}
