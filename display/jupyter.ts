/**
 * What an object looks like in a notebook: its MIME types, best last, as Jupyter's `display_data` carries them.
 */
export type MimeBundle = Record<string, string | object>;

const display = Symbol.for("Jupyter.display");

/**
 * Lets an object show itself as the result of a notebook cell. The Deno kernel asks the result for the well-known
 * symbol `Jupyter.display`. It is added without being enumerable, so that an array stays an array: `console.log`,
 * `JSON.stringify` and spreads do not see it.
 */
export function showAs<T extends object>(
  object: T,
  bundle: () => MimeBundle | Promise<MimeBundle>,
): T {
  return Object.defineProperty(object, display, {
    value: bundle,
    enumerable: false,
    configurable: true,
  });
}
