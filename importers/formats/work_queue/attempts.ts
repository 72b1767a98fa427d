import type { TaskLine } from "./transaction_lines.ts";

/** A task or a library on a worker. */
export interface Attempt {
  isLibrary?: true;
  worker?: string;
  /** The moments that its lines reported. */
  times: Record<string, number>;
}

const newAttempt = (): Attempt => ({ times: {} });

/**
 * The attempt that a task's line is about. A task that lost its worker waits
 * again and is sent to another one.
 */
export function attemptOf(
  attempts: Map<string, Attempt>,
  task: string,
  event: string,
): Attempt {
  const isNew = /^(?:READY|WAITING|RUNNING)$/.test(event);
  if (isNew) attempts.set(task, newAttempt());
  return attempts.getOrInsertComputed(task, newAttempt);
}

/** The moments that no earlier line reported: 7.5.0 repeats them. */
export function momentsOf(
  { times }: TaskLine,
  attempt: Attempt,
): { times: TaskLine["times"]; worker: string | undefined } {
  const news = Object.entries(times)
    .filter(([moment, time]) => attempt.times[moment] !== time);
  Object.assign(attempt.times, times);
  return { times: Object.fromEntries(news), worker: attempt.worker };
}

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
     * Undefined if there are several, or the task is not a call: calls
     * take no resources since 2023-08, when libraries became tasks.
     */
    libraryOf(
      worker: unknown,
      { event, isCall }: TaskLine,
    ): string | undefined {
      const [only, ...others] = alive.get(String(worker)) ?? [];
      if (event !== "RUNNING" || !only || others.length > 0) return undefined;
      const [library, isTask] = only;
      return isCall || !isTask ? library : undefined;
    },
  };
}
