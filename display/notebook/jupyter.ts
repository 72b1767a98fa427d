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
    value: () => sentBeforeIdle(bundle()),
    enumerable: false,
    configurable: true,
  });
}

/**
 * The kernel of Deno 2.9 sends what a cell shows and the word that the cell is
 * done by two ways, and the word may come first: Jupyter then drops the chart,
 * one in three of the large ones. So the thread that would say that the cell is
 * done waits for a moment, once the kernel has read the bundle to send it.
 */
function sentBeforeIdle(bundle: MimeBundle): MimeBundle {
  const [last] = Object.entries(bundle).slice(-1);
  if (!last) return bundle;
  const [type, text] = last;
  const size = Object.values(bundle).reduce(
    (sum, { length }) => sum + length,
    0,
  );
  const milliseconds = Math.max(20, size / 50_000);
  return Object.defineProperty(bundle, type, {
    get() {
      queueMicrotask(() => sleep(milliseconds));
      return text;
    },
    enumerable: true,
  });
}

function sleep(milliseconds: number): void {
  const nobodyWakes = new Int32Array(new SharedArrayBuffer(4));
  Atomics.wait(nobodyWakes, 0, 0, milliseconds);
}
