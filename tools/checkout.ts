import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the directory with deno.json. */
export const checkout: string = dirname(
  dirname(fileURLToPath(import.meta.url)),
);

/** Absolute path of something in this checkout. */
export function inCheckout(...names: string[]): string {
  return join(checkout, ...names);
}
