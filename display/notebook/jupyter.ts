/** The Deno kernel's API; undefined outside a notebook. */
export function jupyterOrNothing(): typeof Deno.jupyter | undefined {
  // Deno.jupyter exists everywhere and throws outside the kernel.
  try {
    return Deno.jupyter;
  } catch {
    return undefined;
  }
}

/**
 * What an object looks like in a notebook, by MIME type, as Jupyter's
 * `display_data` carries it.
 */
export type MimeBundle = Record<string, string>;

const display = Symbol.for("Jupyter.display");

/**
 * Lets an object show itself as the result of a notebook cell. The Deno kernel
 * asks the result for the well-known symbol `Jupyter.display`. It is added
 * without being enumerable, so that an array stays an array: `console.log`,
 * `JSON.stringify` and spreads do not see it.
 */
export function showAs<T extends object>(
  object: T,
  bundle: () => MimeBundle,
): T {
  return Object.defineProperty(object, display, {
    value: bundle,
    enumerable: false,
    configurable: true,
  });
}

// Stacks may hold a path's spaces as they are, not as %20.
const { href } = new URL("../..", import.meta.url);
const library = [href, decodeURI(href)];

/**
 * Removes this library's own places from an error's stack in a notebook, so
 * that the place in the cell stands right below the message.
 */
export function withShortStack<T>(thrown: T): T {
  if (!(thrown instanceof Error) || jupyterOrNothing() === undefined) {
    return thrown;
  }
  const lines = thrown.stack?.split("\n") ?? [];
  thrown.stack = lines.filter((line) =>
    !library.some((place) => line.includes(place)) &&
    !/^ +at [\w.]+ \(<anonymous>\)$/.test(line)
  ).join("\n");
  return thrown;
}
