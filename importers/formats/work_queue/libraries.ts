import { nobody } from "./task_lines.ts";

/**
 * Tracks the libraries of each worker, because no line about a call names its
 * library.
 */
export function aliveLibraries() {
  /** By worker, its libraries, and whether they are logged as tasks, too. */
  const alive = new Map<string, Map<string, boolean>>();
  return {
    begin(worker: string, library: string, isTask: boolean): void {
      alive.getOrInsertComputed(worker, () => new Map()).set(library, isTask);
    },
    end(worker: string, library: string): void {
      alive.get(worker)?.delete(library);
    },
    /** The worker disconnects. */
    leave(worker: string): void {
      alive.delete(worker);
    },
    /**
     * The library of a task that begins on a worker: the only one there.
     * Undefined if there are several, or the task is not a call.
     *
     * @param isCall whether it takes no resources; calls do since 2023-08, when
     * libraries became tasks
     */
    libraryOf(worker: unknown, isCall: boolean): string | undefined {
      const [only, ...others] = alive.get(String(worker)) ?? [];
      if (!only || others.length > 0) return undefined;
      const [library, isTask] = only;
      return isCall || !isTask ? library : undefined;
    },
  };
}

/** Reads the rest of a line after "LIBRARY 7 ". */
export function libraryLine(text: string): { event?: string; worker: string } {
  const [, event, worker = nobody] =
    /^([A-Z_]+)(?: +(\S+))?$/.exec(text.trim()) ?? [];
  return { ...event !== undefined && { event }, worker };
}
