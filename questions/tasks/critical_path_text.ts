// @ts-types="npm:@types/d3-array@3.2.2"
import { sum } from "d3-array";
import { count, counted } from "../../display/text/format.ts";
import type { CriticalSeconds, CriticalTask } from "./critical_path.ts";

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
      `${seconds(total)} (${Math.round(100 * total / length)} %) ${name}`
    );
  const chain = names.size === 1
    ? "it waited for no other"
    : `its critical path is ${counted(names.size, "task")}: ` +
      chainOf([...names.values()]);
  return `Run ${run}: task ${
    names.size === 1 ? names.get(task) : task
  } ended ` +
    `${seconds(length)} after the start; ${chain}` +
    (spent.length > 0
      ? `. ${names.size === 1 ? "It was" : "They were"} ${listed(spent)}.`
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

const listed = (texts: readonly string[]): string =>
  texts.length > 1
    ? `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`
    : texts.join();

const seconds = (value: number): string =>
  `${count(Number(value.toPrecision(3)))} s`;
