// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import {
  count,
  counted,
  enumerated,
  secondsText,
} from "../../display/text/format.ts";
import type { TaskRow } from "./task_times.ts";

/** How a link of the critical path spent its time, in seconds. */
export interface CriticalSeconds {
  /** Until the program, or the join app around it, submitted the task. */
  submitting: number;
  /** From its submission and the end of its dependencies to its launch. */
  launching: number;
  /** From its first launch to that of its last try. */
  retrying: number;
  /** From that launch to a worker; null if no log has its arrival. */
  queued: number | null;
  /**
   * On the worker; includes `queued` and `returning` if no log separates them.
   */
  running: number;
  /** From the worker to the end of the task. */
  returning: number;
  /** From the end of the last inner task to that of the join app. */
  joining: number;
}

/** A link of the chain: a row of {@linkcode criticalPath}. */
export interface CriticalTask extends TaskRow, CriticalSeconds {
  /**
   * "task", or the part of a join app: "start", until it submitted the next task,
   * or "join", from the end of its last inner task on.
   */
  part: "task" | "start" | "join";
  /** Number of its tries. */
  tries: number;
  /** Start of this link, the end of the one before, in Unix seconds. */
  start: number;
  /** When its last try was launched. */
  launched: number | null;
  /** End of this link, usually the end of the task. */
  end: number;
  /** Its share of the run's time, in seconds: the sum of all its parts. */
  contributed: number;
  /**
   * Seconds by which it could be shorter until the next task would wait for
   * another dependency; null if there is none. For the last link: until another
   * task would be the last to end.
   */
  slack: number | null;
}

/** Says in words which tasks the critical path of each run has, and its time. */
export const criticalPathText = (rows: readonly CriticalTask[]): string =>
  Map.groupBy(rows, ({ run }) => run).values().map(lineOf).toArray().join("\n");

function lineOf(path: readonly CriticalTask[]): string {
  const { run, task, end } = path.at(-1)!;
  const length = end - path[0]!.start;
  const names = new Map(path.map((row) => [row.task, nameOf(row)]));
  const spent = Object.entries(parts)
    .map(([part, name]) => {
      const total = sum(path, (row) => row[part as keyof CriticalSeconds] ?? 0);
      return { name, total };
    })
    .filter(({ total }) => total >= 0.01 * length && total > 0)
    .sort((a, b) => b.total - a.total)
    .map(({ name, total }) =>
      `${secondsText(total)} (${Math.round(100 * total / length)}%) ${name}`
    );
  const chain = names.size === 1
    ? "it waited for no other"
    : `its critical path is ${counted(names.size, "task")}: ` +
      chainOf([...names.values()]);
  return `Run ${run}: task ${
    names.size === 1 ? names.get(task) : task
  } ended ` +
    `${secondsText(length)} after the start; ${chain}` +
    (spent.length > 0
      ? `. ${names.size === 1 ? "It was" : "They were"} ${enumerated(spent)}.`
      : ".");
}

const parts: Record<keyof CriticalSeconds, string> = {
  submitting: "before submission",
  launching: "before launch",
  retrying: "on earlier tries",
  queued: "on the way to a worker",
  running: "on workers",
  returning: "on the way back",
  joining: "in join apps",
};

const nameOf = ({ task, app }: CriticalTask): string =>
  app === null ? task : `${task} (${app})`;

/** The first tasks and the last ones of a long chain. */
function chainOf(names: readonly string[]): string {
  const left = names.length - maxNames;
  return (left > 1
    ? [...names.slice(0, 3), `… (${count(left)} more)`, ...names.slice(-3)]
    : names).join(" → ");
}

const maxNames = 6;
