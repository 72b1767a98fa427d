import { withShortStack } from "../../display/notebook/jupyter.ts";
import { unlessStopped } from "../../display/notebook/stop_button.ts";
import type { Database } from "../../sql/mod.ts";

const lastImports = new WeakMap<Database, Promise<unknown>>();

/**
 * Does the work when the imports into this database that were asked for before
 * are done, whatever became of them.
 */
export function inTurn<T>(
  db: Database,
  work: () => T | Promise<T>,
): Promise<T> {
  const before = lastImports.get(db) ?? Promise.resolve();
  const result = unlessStopped(before.then(work), stopped)
    .catch((error) => {
      throw withShortStack(error);
    });
  lastImports.set(db, result.catch(() => {}));
  return result;
}

const stopped =
  "The import was stopped. What it has read whole is there, and the file that " +
  "it was reading is not: import again, and the rest is read.";
