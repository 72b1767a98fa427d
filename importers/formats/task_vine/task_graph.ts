import { copyOf } from "../../lines/shared_texts.ts";
import { isUnreadable } from "../../lines/lines.ts";
import type { LogFormat, LogPlace, RecordReader, SpanType } from "../format.ts";
import type { Rule } from "../../../sql/mod.ts";
import { facet } from "../facts.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { functionIn } from "./function_file.ts";

const shared = ["rundir", "executor"];

/** The span types of a taskgraph. */
export const graphTypes: readonly SpanType[] = [
  {
    type: "taskvine.graph.task",
    doc:
      "A task or a library in TaskVine's taskgraph. `inputs` and `outputs` list " +
      "names of files, `depends` the tasks that made an input. A task of Parsl's " +
      "executor has `executor_task` and `function_data`, its number and the " +
      "directory of its function.",
    identity: [...shared, "taskvine_task"],
  },
  {
    type: "taskvine.graph.mini_task",
    doc:
      "A task that makes one file on a worker, such as unpacking an archive. " +
      "Its number has no meaning in other logs.",
    identity: [...shared, "mini_task"],
  },
  {
    type: "taskvine.graph.file",
    doc: "A file that a program declared to TaskVine, by its name in caches.",
    identity: [...shared, "file"],
  },
];

/** The rules of a taskgraph. */
export const graphRules: readonly Rule[] = ["task", "library"].map((entity) =>
  facet(`taskvine.${entity}`, "taskvine.graph.task", [
    ...shared,
    "taskvine_task",
  ])
);

/**
 * TaskVine's taskgraph: files, tasks, and which files are the inputs and outputs
 * of each task. A Graphviz file until 2025-10. It has no times.
 */
export const taskGraphLog: LogFormat = {
  importer: "taskgraph",
  fileName: /^taskgraph$/,
  signature: (start) =>
    /^(?:digraph "taskvine"|# taskvine taskgraph)/.test(start),
  isHeaded: true,
  beginning: {
    read: (text) =>
      /^(?:"(?:file|task)-|FILE |TASK )/.test(text) && !isUnreadable(text)
        ? { time: NaN, message: text }
        : undefined,
    isDamaged: (text) => !/^(?:digraph |node \[|\}$|#|$)/.test(text),
  },
  open: readTaskGraph,
};

/** A task that later lines may add files to. */
interface Open {
  id: string;
  inputs: string[];
  outputs: string[];
}

function readTaskGraph(
  writer: SpanWriter,
  { rundir, executor = "" }: LogPlace,
): RecordReader {
  const kind = (entity: string, name: string) =>
    writer.kind(`taskvine.graph.${entity}`, { rundir, executor }, [name]);
  const tasks = kind("task", "taskvine_task");
  const miniTasks = kind("mini_task", "mini_task");
  const files = kind("file", "file");
  /** By file, the task that makes it. */
  const makers = new Map<string, string>();
  /** Tasks that use a file, until its maker is known. */
  const users = new Map<string, string[]>();
  /** By file, where it was if it is a function of an executor's task. */
  const functions = new Map<string, Set<string>>();
  /** By task, the tasks whose files it uses. */
  const depends = new Map<string, Set<string>>();
  /** Lines about a task follow each other. */
  let open: Open | undefined;

  const depend = (task: string, maker: string) =>
    depends.getOrInsertComputed(task, () => new Set()).add(maker);
  const write = ({ id, inputs, outputs }: Open, isMini: boolean) => {
    const span = isMini ? miniTasks.id(id) : tasks.id(id);
    writer.add(span, { inputs, outputs });
    if (isMini) return;
    const sources = new Set(
      inputs.flatMap((file) => [...functions.get(file) ?? []]),
    );
    // Equal functions could have one name in caches.
    if (sources.size === 1) {
      const [source] = sources;
      writer.add(span, functionIn(source!)!);
    }
    for (const file of outputs) {
      makers.set(file, id);
      users.get(file)?.forEach((task) => depend(task, id));
      users.delete(file);
    }
    for (const file of inputs) {
      const maker = makers.get(file);
      if (maker !== undefined) depend(id, maker);
      else users.getOrInsertComputed(file, () => []).push(id);
    }
  };
  const close = () => {
    // A file that a mini-task makes is named after it.
    if (open) write(open, open.outputs.some((file) => /^task-/.test(file)));
    open = undefined;
  };
  /** The task of a line, which may go on about the last one. */
  const taskOf = (id: string): Open => {
    if (open?.id !== id) {
      close();
      open = { id, inputs: [], outputs: [] };
    }
    return open!;
  };
  const readGraphviz = (text: string): boolean => {
    const [, kind, name, edge] =
      /^"(file|task)-([^"]*)" (?:\[.*\]|-> "(?:file|task)-([^"]*)");$/
        .exec(text) ?? [];
    if (name === undefined) return false;
    if (edge === undefined && kind === "file") files.id(name);
    else if (edge === undefined) taskOf(name);
    else if (kind === "file") taskOf(edge).inputs.push(name);
    else taskOf(name).outputs.push(edge);
    return true;
  };
  const readTask = (text: string): boolean => {
    const [, mini, id, program, files] =
      /^TASK T(-?)(-?\d+) "(.*)" INPUTS (.*)/s.exec(text) ?? [];
    const parts = files?.split(/(?:^| )OUTPUTS(?: |$)/) ?? [];
    if (parts.length !== 2) return false;
    const [inputs, outputs] = parts
      .map((part) => part.split(" ").filter((file) => file !== ""));
    write({ id: id!, inputs: inputs!, outputs: outputs! }, mini === "-");
    if (mini === "") writer.add(tasks.id(id!), { program });
    return true;
  };
  const readFile = (text: string): boolean => {
    const [, name, source, size] = /^FILE (\S+) "(.*)" (-?\d+)$/.exec(text) ??
      [];
    if (name === undefined) return false;
    const { function_data } = functionIn(source!) ?? {};
    if (function_data !== undefined) {
      functions.getOrInsertComputed(name, () => new Set()).add(copyOf(source!));
    }
    writer.add(files.id(name), {
      source: source || undefined,
      function_data,
      // 0 if it does not exist yet.
      bytes: Number(size) || undefined,
    });
    return true;
  };
  return {
    read({ message }) {
      const read = message.startsWith("TASK ")
        ? readTask
        : message.startsWith("FILE ")
        ? readFile
        : readGraphviz;
      return read(message) ? "matched" : "unmatched";
    },
    // The last task may be a mini-task.
    needsReread: () => open !== undefined,
    finish() {
      close();
      for (const [task, makers] of depends) {
        writer.add(tasks.id(task), { depends: [...makers] });
      }
    },
  };
}
