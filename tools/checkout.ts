import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The directory that holds deno.json, as an absolute path. */
export const checkout: string = dirname(
  dirname(fileURLToPath(import.meta.url)),
);

/** The absolute path of something in this checkout. */
export function inCheckout(...names: string[]): string {
  return join(checkout, ...names);
}
