import type { Attempt } from "../workers/worker.ts";
import { maskMessage } from "./mask_message.ts";

/** Why something failed; null for what no log says. */
export interface Cause {
  /** Type of the exception, or a queue's name of the failure. */
  exception: string | null;
  /** Masked. */
  message: string | null;
  /** The message as it was. */
  example: string | null;
}

/** A try, or something else that failed, with its cause. */
export interface Failed extends Cause {
  /** Label of the run. */
  run: string | null;
  kind: "try" | "work" | "block" | "executor";
  /** Its name: "task 136", "executor task 5", "block 0 of htex". */
  name: string;
  /** Parsl's numbers. */
  task: string | null;
  try: string | null;
  app: string | null;
  executor: string | null;
  /** Unix seconds. */
  ended: number | null;
  attempts: readonly Attempt[];
  /** How its task ended. */
  outcome: "failed" | "recovered" | "unknown";
  /** Whether it failed only because another task did. */
  isDependent: boolean;
  /** How a block ended, or the one of a lost try: "OUT_OF_MEMORY, exit code 137". */
  blockEnd?: string;
  /** What explains it, such as error output; that of a try is read by name. */
  output?: () => string | null;
  /** The id of its run, or its directory. */
  runId: string;
}

/** A cause with its message masked. */
export function causeOf(
  exception: string | null,
  written: string | null,
  hosts: ReadonlySet<string>,
): Cause {
  const message = written === null ? null : inWords(exception, written);
  return {
    exception,
    message: message === null ? null : maskMessage(message, hosts),
    example: message,
  };
}

/**
 * Monitoring keeps the arguments of an exception: ManagerLost(b'4c57a1', 'vm').
 * Errors of blocks are numbered: "Error 1:\n\tEXIT CODE: 3".
 */
function inWords(exception: string | null, message: string): string {
  const { first = "", second = "" } =
    /^(?:b?'(?<first>[^']*)'|(?<first>\d+)), (?:'(?<second>[^']*)'|(?<second>-?\d+))$/
      .exec(message)?.groups ?? {};
  switch (second && exception) {
    case "ManagerLost":
      return `Task failure due to loss of manager ${first} on host ${second}`;
    case "WorkerLost":
      return `Task failure due to loss of worker ${first} on host ${second}`;
    case "BashExitFailure":
      return `bash_app ${first} failed with unix exit code ${second}`;
  }
  const isSystemError = second !== "" && /^\d+$/.test(first);
  return isSystemError
    ? `[Errno ${first}] ${second}`
    : message.replace(/^Error 1:\n\s+/, "");
}

/** "ValueError: task 0 always fails", as a traceback ends, in two parts. */
export function splitException(
  text: string,
): [exception: string | null, message: string | null] {
  const [, exception, message = null] =
    /^([\w.]+)(?:: ?([^]*))?$/.exec(text.trim()) ?? [];
  return exception === undefined
    ? [null, text]
    : [exception.split(".").at(-1)!, message];
}
