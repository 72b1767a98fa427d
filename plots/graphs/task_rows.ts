import {
  type Channel,
  isColumnTable,
  readChannels,
  type Rows,
} from "../rows/channels.ts";

/** Tasks and what they wait for: what taskGraph(db) gives, or rows alike. */
export interface DependencyRows {
  /** A row for each task. */
  nodes: Rows;
  /** A row for each task that another waits for. */
  edges: Rows;
}

/** Which columns say what of tasks, and of what they wait for. */
export interface DependencyChannels {
  /** Of a node: what edges call it. The column "task". */
  task?: Channel | undefined;
  /** Of a node: what it does, which tasks share. The column "app", if any. */
  app?: Channel | undefined;
  /** Of a node: its state. The column "state", if there is one. */
  state?: Channel | undefined;
  /**
   * Of a node and of an edge: the run, in which tasks have their names. The
   * column "run", if there is one.
   */
  run?: Channel | undefined;
  /** Of an edge: the task that must end first. The column "from". */
  from?: Channel | undefined;
  /** Of an edge: the task that waits for it. The column "to". */
  to?: Channel | undefined;
  /**
   * Of an edge: "joins" for an inner task that a join app waits for. The column
   * "kind", if there is one.
   */
  kind?: Channel | undefined;
}

/** A task. */
export interface Task {
  run: string;
  task: string;
  app: string;
  state: string;
}

/** A task that another waits for, as their places among the tasks. */
export interface Dependency {
  from: number;
  to: number;
  joins: boolean;
}

/** Tasks and what they wait for. */
export interface Tasks {
  tasks: Task[];
  dependencies: Dependency[];
  /** How many edges there are between one of them and one that is not there. */
  half: number;
  /** How many edges there are between others. */
  other: number;
}

/** Reads tasks and what of the edges is between them. */
export function readTasks(
  { nodes, edges }: DependencyRows,
  channels: DependencyChannels,
): Tasks {
  const tasks = tasksOf(nodes, channels);
  return { tasks, ...dependenciesAmong(tasks, edges, channels) };
}

/** Reads the tasks of nodes, without what they wait for. */
export function tasksOf(
  rows: Rows,
  { task = "task", app, state, run }: DependencyChannels,
): Task[] {
  const has = columnsOf(rows);
  const read = readChannels(rows, {
    task,
    app: app ?? has("app"),
    state: state ?? has("state"),
    run: run ?? has("run"),
  });
  return Array.from({ length: read.length }, (_, i) => ({
    task: String(read.task.values[i]),
    app: String(read.app.values[i] ?? "task"),
    state: String(read.state.values[i] ?? "unknown"),
    run: String(read.run.values[i] ?? ""),
  }));
}

function dependenciesAmong(
  tasks: readonly Task[],
  rows: Rows,
  { run, from = "from", to = "to", kind }: DependencyChannels,
): Omit<Tasks, "tasks"> {
  const places = new Map(tasks.map((task, i) => [keyOf(task), i]));
  const has = columnsOf(rows);
  const read = readChannels(rows, {
    from,
    to,
    kind: kind ?? has("kind"),
    run: run ?? has("run"),
  });
  const found = { dependencies: [] as Dependency[], half: 0, other: 0 };
  for (let i = 0; i < read.length; i++) {
    const run = String(read.run.values[i] ?? "");
    const place = (task: unknown) =>
      places.get(keyOf({ run, task: String(task) }));
    const first = place(read.from.values[i]);
    const second = place(read.to.values[i]);
    const joins = read.kind.values[i] === "joins";
    if (first !== undefined && second !== undefined) {
      found.dependencies.push({ from: first, to: second, joins });
    } else if (first === second) found.other++;
    else found.half++;
  }
  return found;
}

/** What tells a task from all others. */
export const keyOf = ({ run, task }: Pick<Task, "run" | "task">): string =>
  `${run}\n${task}`;

/** Rows that can be read again, which those of db.iterate() cannot. */
export const held = (rows: Rows): Rows =>
  isColumnTable(rows) || Array.isArray(rows) ||
    typeof rows?.[Symbol.iterator] !== "function"
    ? rows
    : [...rows];

/** The name of a column, if the rows have it; null if not. */
function columnsOf(rows: Rows): (name: string) => string | null {
  if (isColumnTable(rows)) {
    const names = rows.columnNames();
    return (name) => names.includes(name) ? name : null;
  }
  const [first] = Array.isArray(rows) ? rows : [];
  return (name) => first && name in first ? name : null;
}
