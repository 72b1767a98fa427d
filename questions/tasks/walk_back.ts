import type { Edge } from "./task_dependencies.ts";
import type { RunTasks, TaskTimes } from "./task_times.ts";

/** The tasks of a run, by number, and their dependencies, by kind and number. */
export interface Graph {
  tasks: RunTasks;
  dependencies: ReadonlyMap<string, readonly Edge[]>;
}

/**
 * A link of the chain that led to a task's end: a whole task, or the part of a
 * join app before it submitted the next task or after its last inner task.
 */
export interface Link {
  task: TaskTimes;
  part: "task" | "start" | "join";
  /** When this link handed over to the next, in Unix seconds. */
  end: number;
  /**
   * When everything else that the next link waited for had ended; null if it
   * waited for nothing else.
   */
  otherwise: number | null;
}

/**
 * Finds the chain of tasks that led to the end of the last one, in order: each
 * waited for the one before. The first waited for nothing but to be submitted, or
 * for a link of the chain.
 */
export function walkBack(last: TaskTimes, graph: Graph): Link[] {
  const chain: Link[] = [];
  const seen = new Set<string>();
  // The join apps around this point of the chain, innermost last.
  const outer: TaskTimes[] = [];
  let next = endLink(last, Infinity, null, graph);
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
      next = inner && endLink(inner, link.end, otherwise, graph);
    } else next = linkBefore(link, outer, graph);
  }
  return chain.reverse();
}

/** The link before a task: the dependency it waited for, or its submitter. */
function linkBefore(
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
        task: begun!,
        part: "start",
        end: Math.min(submitted, end),
        otherwise: since,
      };
    }
  }
  return dependency &&
    endLink(dependency, end, greatest(others, submitted), graph);
}

/** The function of a join app submits inner tasks while it runs. */
const mayHaveBegun = ({ launched, ended }: TaskTimes, submitted: number) =>
  submitted >= (launched ?? Infinity) &&
  submitted <= (ended ?? Infinity);

/** The link at the end of a task, if it ended. */
function endLink(
  task: TaskTimes,
  before: number,
  otherwise: number | null,
  graph: Graph,
): Link | undefined {
  if (task.ended === null) return undefined;
  const [inner] = latest("joins", task, graph);
  // Between the logs of components, an effect may come before its cause.
  const end = Math.min(task.ended, before);
  return { task, part: inner ? "join" : "task", end, otherwise };
}

/** The last dependency of a task to end, and when the others had ended. */
function latest(
  kind: Edge["kind"],
  { task }: TaskTimes,
  { tasks, dependencies }: Graph,
): [last: TaskTimes | undefined, others: number | null] {
  const [last, other] = (dependencies.get(`${kind} ${task}`) ?? [])
    .flatMap(({ depends_on }) => tasks.get(depends_on) ?? [])
    .filter((one) => one.ended !== null && one.task !== task)
    .sort((a, b) => b.ended! - a.ended!);
  return [last, other?.ended ?? null];
}

function greatest(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
