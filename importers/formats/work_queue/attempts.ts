import type { TaskLine } from "./task_lines.ts";

/** A task or a library on a worker. */
export interface Attempt {
  isLibrary?: true;
  worker?: string;
  /** The moments that its lines reported. */
  times: Record<string, number>;
}

export const newAttempt = (): Attempt => ({ times: {} });

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
