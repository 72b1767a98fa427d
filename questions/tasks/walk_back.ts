import type { Dependencies } from "./task_dependencies.ts";
import type { TaskTimes } from "./task_times.ts";

/** The tasks of a run, and what they wait for, by their numbers. */
export interface Graph {
  tasks: ReadonlyMap<string, TaskTimes>;
  dependencies: ReadonlyMap<string, Dependencies>;
}

/**
 * A link of the chain that led to a task's end: the whole task; or of a join app
 * what it did before it began the next, or after the last inner one ended.
 */
export interface Link {
  task: TaskTimes;
  part: "task" | "start" | "join";
  /** When this link handed on to the next, in Unix seconds. */
  end: number;
  /**
   * The latest of what else the next one waited for: this link was the cause for
   * as long as it ended later. Null if the next one waited for nothing else.
   */
  otherwise: number | null;
}

/**
 * The chain of tasks that led to the end of the last one, from its beginning:
 * each waited for the one before. It ends where a task waited for nothing but to
 * be submitted, or where it would come to a link again.
 */
export function walkBack(last: TaskTimes, graph: Graph): Link[] {
  const chain: Link[] = [];
  const seen = new Set<string>();
  // The join apps that the chain is inside of, the innermost last.
  const outer: TaskTimes[] = [];
  let next = ended(last, Infinity, null, graph);
  while (next) {
    const link: Link = next;
    const key = `${link.part} ${link.task.task}`;
    if (seen.has(key)) break;
    seen.add(key);
    chain.push(link);
    if (link.part === "join") {
      outer.push(link.task);
      const [inner, others] = latest("joins", link.task, graph);
      const otherwise = greatest(others, link.task.joining);
      next = inner && ended(inner, link.end, otherwise, graph);
    } else next = beginning(link, outer, graph);
  }
  return chain.reverse();
}

/** What let a task begin: what it depends on, or what submitted it. */
function beginning(
  { task, end }: Link,
  outer: TaskTimes[],
  graph: Graph,
): Link | undefined {
  const { submitted } = task;
  const [dependency, others] = latest("depends", task, graph);
  const since = dependency?.ended ?? null;
  if (submitted !== null && (since === null || submitted > since)) {
    const by = outer.findLastIndex((one) => mayHaveBegun(one, submitted));
    if (by >= 0) {
      const [begun] = outer.splice(by);
      return {
        ...{ task: begun!, part: "start" },
        end: Math.min(submitted, end),
        otherwise: since,
      };
    }
  }
  return dependency &&
    ended(dependency, end, greatest(others, submitted), graph);
}

/** Inner tasks are submitted by the function of a join app, as it runs. */
const mayHaveBegun = ({ tries, ended }: TaskTimes, submitted: number) =>
  submitted >= (tries[0]?.launched ?? Infinity) &&
  submitted <= (ended ?? Infinity);

function ended(
  task: TaskTimes,
  before: number,
  otherwise: number | null,
  graph: Graph,
): Link | undefined {
  if (task.ended === null) return undefined;
  const [inner] = latest("joins", task, graph);
  // Logs of several components may put an effect before its cause.
  const end = Math.min(task.ended, before);
  return { task, part: inner ? "join" : "task", end, otherwise };
}

/** Of what a task waits for, the one that ended last, and when the others had. */
function latest(
  kind: keyof Dependencies,
  { task }: TaskTimes,
  { tasks, dependencies }: Graph,
): [last: TaskTimes | undefined, others: number | null] {
  let last: TaskTimes | undefined;
  let others: number | null = null;
  for (const number of dependencies.get(task)?.[kind] ?? []) {
    const one = tasks.get(number);
    if (!one || one.ended === null || number === task) continue;
    if (!last || one.ended > last.ended!) {
      others = greatest(others, last?.ended ?? null);
      last = one;
    } else others = greatest(others, one.ended);
  }
  return [last, others];
}

function greatest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
