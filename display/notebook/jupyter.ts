/** The Deno kernel's API; undefined outside a notebook. */
export function jupyterOrNothing(): typeof Deno.jupyter | undefined {
  // Deno.jupyter exists everywhere and throws outside the kernel.
  try {
    return Deno.jupyter;
  } catch {
    return undefined;
  }
}

/** Representations of an object by MIME type, as Jupyter displays it. */
export type MimeBundle = Record<string, string>;

const display = Symbol.for("Jupyter.display");

/**
 * Defines how an object shows as the result of a notebook cell: the Deno kernel
 * calls its method `Jupyter.display`. The method is not enumerable, so that
 * `console.log`, `JSON.stringify` and spreads of an array do not see it.
 */
export function showAs<T extends object>(
  object: T,
  bundle: (this: T) => MimeBundle,
): T {
  const property = { value: bundle, enumerable: false, configurable: true };
  return Object.defineProperty(object, display, property);
}

// Stack traces may contain a path's spaces unescaped, not as %20.
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
