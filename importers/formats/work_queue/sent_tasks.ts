import { copyOf } from "../../lines/shared_texts.ts";

/**
 * Finds which function each task was sent with: a debug log says that a worker
 * needs the file of a function, and then that a task is sent to the worker.
 */
export function sentTasks() {
  /** By address of the worker, the function that it needs. */
  const needed = new Map<string, string>();
  /** By task, the functions that it was sent with. */
  const functions = new Map<string, Set<string>>();
  return {
    /** By task, the functions that it was sent with: one, if all is well. */
    functions: functions as ReadonlyMap<string, ReadonlySet<string>>,
    needs(address: string, name: string): void {
      needed.set(copyOf(address), copyOf(name));
    },
    sent(address: string, task: string): void {
      const name = needed.get(address);
      // A manager may have tasks that are not an executor's.
      if (name === undefined) return;
      needed.delete(address);
      functions.getOrInsertComputed(task, () => new Set()).add(name);
    },
    /** The worker got nothing, or its address is free. */
    forget(address: string): void {
      needed.delete(address);
    },
  };
}

/** Whether a message says that a worker got no file, or left. */
export const isLost = (message: string): boolean =>
  / removed$|[Ff]ailed to send /.test(message);
