/**
 * Ties Work Queue's tasks to those of the executor, by the order of what is
 * sent to each worker: the function file of a task comes right before the task.
 */
export interface SentTasks {
  /** A worker needs the function file of an executor's task. */
  needed(address: string, executorTask: string): void;
  /** A worker is sent a task. */
  sent(address: string, task: string): void;
  /** What was to be sent to a worker did not get there. */
  failed(address: string): void;
  /** By task, the executor's tasks whose functions it was sent with. */
  readonly pairs: ReadonlyMap<string, ReadonlySet<string>>;
}

export function sentTasks(): SentTasks {
  const waiting = new Map<string, string>();
  const pairs = new Map<string, Set<string>>();
  return {
    pairs,
    needed: (address, executorTask) => waiting.set(address, executorTask),
    sent(address, task) {
      const executorTask = waiting.get(address);
      // Not all tasks of a manager need be an executor's.
      if (executorTask === undefined) return;
      waiting.delete(address);
      const known = pairs.get(task);
      if (known) known.add(executorTask);
      else pairs.set(task, new Set([executorTask]));
    },
    failed: (address) => waiting.delete(address),
  };
}

/**
 * The executor's task that a message is about a file of, and which of its files
 * it is: those of task 39 lie in function_data/0039, wherever that is.
 */
export function functionDataOf(
  message: string,
): { executorTask: string; file: string } | undefined {
  for (const pattern of localFiles) {
    const [, path] = pattern.exec(message) ?? [];
    const [, executorTask, file] =
      /(?:^|\/)function_data\/0*(\d+)\/(\w+)$/.exec(path ?? "") ?? [];
    if (file !== undefined) return { executorTask: executorTask!, file };
  }
  return undefined;
}

const localFiles = [
  / needs file (.+?)(?: \(offset \d+ length \d+\))? as '/,
  / sending back \S+ to (.+)$/,
  / failed to return output \S+ to (.+)$/,
  /^Receiving file (.+) \(size: /,
];
