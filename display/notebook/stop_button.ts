import { jupyterOrNothing } from "./jupyter.ts";

/**
 * Does work that awaits nothing. The Stop button of a notebook ends it where it
 * is: no catch and no finally runs any more, and a promise that waits for it
 * waits for ever. So `afterStop` is called then, and what `unlessStopped` waits
 * for is given up.
 *
 * A timer tells: while such work goes on no other code runs, and its end takes
 * the timer away. One that runs out was left behind.
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

/**
 * What a promise gives, or an error with this message once the Stop button has
 * ended stoppable work.
 */
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
