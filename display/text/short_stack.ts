import { jupyterOrNothing } from "../notebook/kernel.ts";

// A stack has a space as it is, of a path at least.
const { href } = new URL("../..", import.meta.url);
const here = [href, decodeURI(href)];

/**
 * Takes the places in this library out of an error's stack, if it is to be
 * shown below the cell of a notebook: the message says what is wrong, and what
 * is left is where the cell asked for it.
 */
export function withShortStack<T>(thrown: T): T {
  if (!(thrown instanceof Error) || jupyterOrNothing() === undefined) {
    return thrown;
  }
  const lines = thrown.stack?.split("\n") ?? [];
  thrown.stack = lines.filter((line) =>
    !here.some((place) => line.includes(place)) &&
    !/^ +at [\w.]+ \(<anonymous>\)$/.test(line)
  ).join("\n");
  return thrown;
}
