import type { Emit } from "./events.ts";

/** What is said of a span, read from its JSON. */
export type Attributes = Record<string, unknown>;

/** Gives processes and threads their numbers, and tells their names once. */
export interface Tracks {
  process(names: readonly string[]): number;
  thread(pid: number, name: string): number;
}

export function makeTracks(emit: Emit): Tracks {
  const processes = new Map<string, number>();
  const threads = new Map<string, number>();
  const threadsOf = new Map<number, number>();
  return {
    process(names) {
      const key = JSON.stringify(names);
      const known = processes.get(key);
      if (known !== undefined) return known;
      const pid = processes.size + 1;
      processes.set(key, pid);
      emit({
        ph: "M",
        name: "process_name",
        pid,
        args: { name: names.join(" · ") },
      });
      return pid;
    },
    thread(pid, name) {
      const key = JSON.stringify([pid, name]);
      const known = threads.get(key);
      if (known !== undefined) return known;
      const tid = (threadsOf.get(pid) ?? 0) + 1;
      threadsOf.set(pid, tid);
      threads.set(key, tid);
      emit({ ph: "M", name: "thread_name", pid, tid, args: { name } });
      emit({
        ...{ ph: "M", name: "thread_sort_index", pid, tid },
        args: { sort_index: tid },
      });
      return tid;
    },
  };
}

/**
 * Where a span belongs, from the outside in: run, executor, block, manager or
 * host. What is not said of it is left out.
 */
export function placeOf(
  attributes: Attributes,
  runs: ReadonlyMap<string, string>,
): string[] {
  const named = (name: string, prefix = `${name} `) =>
    attributes[name] === undefined ? [] : [`${prefix}${attributes[name]}`];
  const machine = attributes.manager === undefined
    ? named("hostname", "host ")
    : named("manager");
  return [
    runs.get(runOf(attributes)) ?? "no run",
    ...named("executor", ""),
    ...named("block"),
    ...machine,
  ];
}

/** The run's id; where it is not known, the directory. */
export const runOf = ({ run, rundir }: Attributes): string =>
  String(run ?? rundir ?? "");
