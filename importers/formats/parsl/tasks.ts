import { numbersOf } from "../../lines/match.ts";
import { copyOf, mapKey } from "../../lines/shared_texts.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";

/**
 * Reads lines of parsl.log about tasks and tries of one run. fail_retryable
 * begins the next try; other states belong to the current one.
 *
 * Since 2026-04 a line logs every change of state. Earlier, other lines imply
 * the states; if both are present, the line about the state is the event.
 */
export function readTasks(writer: SpanWriter, rundir: string) {
  const tasks = writer.kind("parsl.rundir.task", { rundir }, ["task"]);
  const tries = writer.kind("parsl.rundir.try", { rundir }, ["task", "try"]);
  const workflows = writer.kind("parsl.rundir.workflow", { rundir }, []);
  const known = new Map<string | number, KnownTask>();
  const futures = new Joins();
  let logsStates = false;

  const knownTask = (task: string): KnownTask => {
    const key = mapKey(task);
    let found = known.get(key);
    if (!found) {
      const id = tasks.id(task);
      writer.nest(workflows.id(), id, task);
      known.set(key, found = { id, current: "0" });
    }
    return found;
  };
  const taskId = (task: string) => knownTask(task).id;
  const tryId = (task: string, number: string): number => {
    const known = knownTask(task);
    if (known.last?.number !== number) {
      const id = tries.id(task, number);
      writer.nest(known.id, id, number);
      known.last = { number, id };
    }
    return known.last.id;
  };
  const currentTry = (task: string) => tryId(task, knownTask(task).current);
  const enter = (task: string, state: string, at: LogRecord) => {
    writer.event(currentTry(task), state, at);
    if (state === "fail_retryable") {
      const known = knownTask(task);
      known.current = String(Number(known.current) + 1);
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
    /** False if the line is about something else. */
    read(record: LogRecord): boolean {
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

interface KnownTask {
  id: number;
  /** Number of the current try. */
  current: string;
  /** The try of the previous line. */
  last?: { number: string; id: number };
}

/**
 * "waiting on task 0, DataFuture from task 1" as ["0", "1"]. Futures that are not
 * of a task are written as addresses in memory, and left out.
 */
function dependenciesOf(text: string): string[] {
  const [, list = ""] = /^waiting on (.*)$/s.exec(text) ?? [];
  return list.split(/, */).flatMap((future) =>
    /^\[?(?:DataFuture from )?(?:tasks? )?\[?(\d+)\]*$/.exec(future)?.[1] ?? []
  );
}

/** "Parsl task 0 try 0 launched on executor htex_Local with executor id 1". */
export const launched =
  /^(?:Parsl task|Task) (\d+):? try (\d+) launched on executor (.+?)(?: with executor id (\d+))?$/;

const ofTask = /^Task (\d+):? (.*)$/s;
const stateChange =
  /^Task \d+:? (?:changing state from \w+|initializing state) to (\w+)/;
const submission = /^Task \d+:? submitted for App (.+?), (.*)$/s;
const ofTry = /^Task \d+:? try (\d+)\b/;

// Lines that mention a task anywhere: "... with result from task 5".
const mentioned = /\b[Tt]asks?:? (\d+\b|\[\d+(?:, *\d+)*\])/;

/** The state that a line implies, in Parsl before 2026-04. */
function earlierState(rest: string): string | undefined {
  const [, completed] = /^completed \(\w+ -> (\w+)\)/.exec(rest) ?? [];
  if (completed) return completed;
  if (rest.startsWith("set to pending state")) return "pending";
  if (rest.startsWith("marked for retry")) return "fail_retryable";
  if (/^failed after \d+ retry/.test(rest)) return "failed";
  // A second line goes on ", so skipping retries".
  if (rest === "failed due to dependency failure") return "dep_fail";
  return undefined;
}

/**
 * Finds which tasks a join app waits for. parsl.log identifies these by the
 * addresses of their futures in memory; other lines give the task of an address.
 */
class Joins {
  #taskAt = new Map<string, string>();
  #joins = new Map<string, Set<string>>();

  /** The join app in a line, and all tasks it is known to wait for by now. */
  read(message: string): { task: string; joins: string[] } | undefined {
    if (!future.test(message)) return undefined;
    const [, owner, address] = hasFuture.exec(message) ?? [];
    // Addresses are reused.
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
