import { numbersOf } from "../format.ts";
import { copyOf } from "../../lines/shared_texts.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";

/** Reads what lines tell of tasks and tries; false of other lines. */
export interface TaskReader {
  read(record: LogRecord): boolean;
}

/**
 * Tasks and tries of one run, as parsl.log tells of them. A try is counted from
 * fail_retryable; what else is said of a state belongs to the try that is on.
 *
 * Since 2026-04 every change of state is a line. Before, states show in lines
 * of other words; where both are there, the line of the state makes the event.
 */
export function readTasks(writer: SpanWriter, rundir: string): TaskReader {
  const tasks = writer.kind("parsl.rundir.task", { rundir }, ["task"]);
  const tries = writer.kind("parsl.rundir.try", { rundir }, ["task", "try"]);
  const workflows = writer.kind("parsl.rundir.workflow", { rundir }, []);
  const known = new Map<string, KnownTask>();
  const futures = new Joins();
  let logsStates = false;

  const knownTask = (task: string): KnownTask => {
    let one = known.get(task);
    if (!one) {
      const id = tasks.id(task);
      writer.nest(workflows.id(), id, task);
      known.set(task, one = { id, current: "0" });
    }
    return one;
  };
  const taskId = (task: string) => knownTask(task).id;
  const tryId = (task: string, number: string): number => {
    const one = knownTask(task);
    if (one.last?.number !== number) {
      const id = tries.id(task, number);
      writer.nest(one.id, id, number);
      one.last = { number, id };
    }
    return one.last.id;
  };
  const currentTry = (task: string) => tryId(task, knownTask(task).current);
  const enter = (task: string, state: string, at: LogRecord) => {
    writer.event(currentTry(task), state, at);
    if (state === "fail_retryable") {
      const one = knownTask(task);
      one.current = String(Number(one.current) + 1);
    }
  };

  const readTask = (task: string, rest: string, record: LogRecord) => {
    const change = stateChange.exec(record.message);
    if (change) {
      logsStates = true;
      enter(task, change[1]!, record);
      return;
    }
    const submitted = submission.exec(record.message);
    if (submitted) {
      const id = taskId(task);
      writer.event(id, "submitted", record);
      const depends = dependenciesOf(submitted[2]!);
      writer.add(id, {
        app: submitted[1],
        depends: depends.length ? depends : undefined,
      });
      return;
    }
    const state = logsStates ? undefined : earlierState(rest);
    if (state) {
      enter(task, state, record);
      return;
    }
    const number = ofTry.exec(record.message)?.[1];
    if (number !== undefined) {
      const id = tryId(task, number);
      knownTask(task).current = String(Number(number));
      writer.message(id, record.message, record);
      const [, exception] = / with exception of type (\S+)/.exec(rest) ?? [];
      if (exception) writer.add(id, { exception });
      return;
    }
    writer.message(taskId(task), record.message, record);
  };

  const readLaunch = (launch: RegExpExecArray, record: LogRecord) => {
    const [, task, number, executor, executorTask] = launch;
    const id = tryId(task!, number!);
    knownTask(task!).current = String(Number(number));
    writer.add(id, { executor, executor_task: executorTask });
    if (logsStates) writer.message(id, record.message, record);
    else writer.event(id, "launched", record);
  };

  const readJoins = (record: LogRecord) => {
    const joined = futures.read(record.message);
    if (!joined) return;
    const { task, joins } = joined;
    writer.add(taskId(task), { joins });
    writer.add(currentTry(task), { joins });
  };

  return {
    read(record) {
      const { message } = record;
      const launch = launched.exec(record.message);
      if (launch) {
        readLaunch(launch, record);
        return true;
      }
      readJoins(record);
      const task = ofTask.exec(record.message);
      if (task) {
        readTask(task[1]!, task[2]!, record);
        return true;
      }
      const named = mentioned.exec(record.message)?.[1];
      if (named === undefined) return false;
      for (const task of numbersOf(named)) {
        writer.message(taskId(task), message, record);
      }
      return true;
    },
  };
}

/** A task, as far as its lines were read. */
interface KnownTask {
  id: number;
  /** The number of the try that is on. */
  current: string;
  /** The try that was told of last. */
  last?: { number: string; id: number };
}

/**
 * "waiting on task 0, DataFuture from task 1" as ["0", "1"]. A future that is no
 * task's is told by its place in memory, and left out.
 */
function dependenciesOf(text: string): string[] {
  const [, list = ""] = /^waiting on (.*)$/s.exec(text) ?? [];
  return list.split(/, */).flatMap((one) =>
    /^\[?(?:DataFuture from )?(?:tasks? )?\[?(\d+)\]*$/.exec(one)?.[1] ?? []
  );
}

/** "Parsl task 0 try 0 launched on executor htex_Local with executor id 1". */
export const launched =
  /^(?:Parsl task|Task) (\d+):? try (\d+) launched on executor (.+?)(?: with executor id (\d+))?$/;

// What begins with the number of a task.
const ofTask = /^Task (\d+):? (.*)$/s;
const stateChange =
  /^Task \d+:? (?:changing state from \w+|initializing state) to (\w+)/;
const submission = /^Task \d+:? submitted for App (.+?), (.*)$/s;
const ofTry = /^Task \d+:? try (\d+)\b/;

// Lines that name a task anywhere: "... with result from task 5".
const mentioned = /\b[Tt]asks?:? (\d+\b|\[\d+(?:, *\d+)*\])/;

/** The state that a line of Parsl before 2026-04 shows. */
function earlierState(rest: string): string | undefined {
  const [, completed] = /^completed \(\w+ -> (\w+)\)/.exec(rest) ?? [];
  if (completed) return completed;
  if (rest.startsWith("set to pending state")) return "pending";
  if (rest.startsWith("marked for retry")) return "fail_retryable";
  if (/^failed after \d+ retry/.test(rest)) return "failed";
  // It is said once more, "so skipping retries".
  if (rest === "failed due to dependency failure") return "dep_fail";
  return undefined;
}

/**
 * Which tasks a join app waits for, as parsl.log tells: not by their numbers but
 * by where their futures are in memory. Other lines say whose future is where.
 */
class Joins {
  #taskAt = new Map<string, string>();
  #joins = new Map<string, Set<string>>();

  /**
   * The task that a line says has joined others, and all of them as far as they
   * are known by now; nothing of another line.
   */
  read(message: string): { task: string; joins: string[] } | undefined {
    // Most lines name no future.
    if (!future.test(message)) return undefined;
    const [, owner, address] = hasFuture.exec(message) ?? [];
    // What was there before is gone: a place in memory is used again.
    if (address !== undefined) this.#taskAt.set(copyOf(address), owner!);
    const [, outer, inner] = callback.exec(message) ?? [];
    const [, waited, waiter] = notDone.exec(message) ?? [];
    const task = outer ?? waiter;
    const other = this.#taskAt.get(inner ?? waited ?? "");
    if (task === undefined || other === undefined) return undefined;
    let known = this.#joins.get(task);
    if (!known) this.#joins.set(task, known = new Set());
    known.add(other);
    return { task, joins: [...known].sort((a, b) => Number(a) - Number(b)) };
  }
}

const future = /<AppFuture at /;

// "Task 5 has AppFuture: <AppFuture at 0x7f01 state=pending>", or before 2026
// "Task 5 set to pending state with AppFuture: ...".
const hasFuture =
  /^Task (\d+):? (?:has|set to pending state with) AppFuture: '?<AppFuture at (0x[0-9a-f]+)\b/;
const callback =
  /^(?:Join callback for task|Task) (\d+)(?:,|: join callback with) inner_app_future <AppFuture at (0x[0-9a-f]+)\b/;
const notDone =
  /^A joinable future <AppFuture at (0x[0-9a-f]+)\b.* is not done for task (\d+)\b/;
