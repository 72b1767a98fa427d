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
  if (!isInNotebook()) return work();
  const timer = timerOf(afterStop);
  try {
    return work();
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The same for work that awaits nothing but promises which are fulfilled: no timer
 * fires between its steps either.
 */
export async function stoppableSteps<T>(work: () => Promise<T>): Promise<T> {
  if (!isInNotebook()) return await work();
  const timer = timerOf(() => {});
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

const timerOf = (afterStop: () => void) =>
  setTimeout(() => {
    afterStop();
    for (const giveUp of [...waiting]) giveUp();
  });

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

/** Whether there is a Stop button. */
export const isInNotebook = (): boolean =>
  inNotebook ??= jupyterOrNothing() !== undefined;

let inNotebook: boolean | undefined;

const waiting = new Set<() => void>();
