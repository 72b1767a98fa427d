import { jupyterOrNothing } from "./jupyter.ts";

/**
 * Runs synchronous work. The Stop button of a notebook ends such work on the
 * spot: neither catch nor finally runs, and promises that wait for it never
 * settle. In that case, `afterStop` is called and `unlessStopped` rejects.
 *
 * A timer detects this: the work clears it at its end, and no timer fires while
 * it runs. A timer that fires was left behind.
 */
export function stoppable<T>(work: () => T, afterStop = () => {}): T {
  inNotebook ??= jupyterOrNothing() !== undefined;
  if (!inNotebook) return work();
  const timer = setTimeout(() => {
    afterStop();
    for (const giveUp of [...waiting]) giveUp();
  });
  try {
    return work();
  } finally {
    clearTimeout(timer);
  }
}

/** A promise that also rejects once the Stop button has ended stoppable work. */
export function unlessStopped<T>(
  promise: Promise<T>,
  message: string,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      waiting.delete(giveUp);
      reject(new Error(message));
    };
    waiting.add(giveUp);
    promise.then(resolve, reject).finally(() => waiting.delete(giveUp));
  });
}

let inNotebook: boolean | undefined;

const waiting = new Set<() => void>();
