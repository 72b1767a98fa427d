import {
  type MessageRule,
  messageRule,
  ruleReader,
} from "../../lines/match.ts";
import type { LogRecord } from "../../lines/prefix.ts";
import { copyOf, mapKey } from "../../lines/shared_texts.ts";
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
  const joinsIn = joinReader();
  let logsStates = false;

  const knownTask = (task: string): KnownTask => {
    return known.getOrInsertComputed(mapKey(task), () => {
      const id = tasks.id(task);
      writer.nest(workflows.id(), id, task);
      return { id, current: "0" };
    });
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
  /** Later states belong to this try. */
  const turnTo = (task: string, number: string) => {
    knownTask(task).current = String(Number(number));
    return tryId(task, number);
  };
  const enter = (task: string, state: string, at: LogRecord) => {
    writer.event(currentTry(task), state, at);
    if (state === "fail_retryable") {
      const known = knownTask(task);
      known.current = String(Number(known.current) + 1);
    }
  };
  /** A line that implies a state, in Parsl before 2026-04. */
  const implied = (pattern: RegExp, state?: string): MessageRule => [
    pattern,
    ([, task, captured], record) => {
      if (logsStates) return false;
      enter(task!, state ?? captured!, record);
    },
  ];

  return ruleReader([
    [launched, ([, task, number, executor, executor_task], record) => {
      const id = turnTo(task!, number!);
      writer.add(id, { executor, executor_task });
      if (logsStates) writer.message(id, record.message, record);
      else writer.event(id, "launched", record);
    }],
    [/<AppFuture at /, (_, { message }) => {
      const joined = joinsIn(message);
      if (!joined) return false;
      const { task, joins } = joined;
      writer.add(taskId(task), { joins });
      writer.add(currentTry(task), { joins });
      return false;
    }],
    [
      /^Task (\d+):? (?:changing state from \w+|initializing state) to (\w+)/,
      ([, task, state], record) => {
        logsStates = true;
        enter(task!, state!, record);
      },
    ],
    [
      /^Task (\d+):? submitted for App (.+?), (.*)$/s,
      ([, task, app, waiting], record) => {
        const id = taskId(task!);
        writer.event(id, "submitted", record);
        const depends = dependenciesOf(waiting!);
        writer.add(id, { app, depends: depends.length ? depends : undefined });
      },
    ],
    implied(/^Task (\d+):? completed \(\w+ -> (\w+)\)/),
    implied(/^Task (\d+):? set to pending state/, "pending"),
    implied(/^Task (\d+):? marked for retry/, "fail_retryable"),
    implied(/^Task (\d+):? failed after \d+ retry/, "failed"),
    // A second line goes on ", so skipping retries".
    implied(/^Task (\d+):? failed due to dependency failure$/, "dep_fail"),
    [/^Task (\d+):? try (\d+)\b/, ([, task, number], record) => {
      const id = turnTo(task!, number!);
      writer.message(id, record.message, record);
      const [, exception] = / with exception of type (\S+)/
        .exec(record.message) ?? [];
      writer.add(id, { exception });
    }],
    messageRule(writer, taskId, /^Task (\d+):? /),
    // Lines that mention a task anywhere: "... with result from task 5".
    messageRule(
      writer,
      taskId,
      /\b[Tt]asks?:? (\d+\b|\[\d+(?:, *\d+)*\])/,
    ),
  ]);
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

/**
 * Finds which tasks a join app waits for. parsl.log identifies these by the
 * addresses of their futures in memory; other lines give the task of an address.
 */
function joinReader() {
  const taskAt = new Map<string, string>();
  const joins = new Map<string, Set<string>>();
  /** The join app in a line, and all tasks it is known to wait for by now. */
  return (message: string): { task: string; joins: string[] } | undefined => {
    const [, owner, address] = hasFuture.exec(message) ?? [];
    // Addresses are reused.
    if (address !== undefined) taskAt.set(copyOf(address), owner!);
    const { task, future = "" } =
      (callback.exec(message) ?? notDone.exec(message))?.groups ?? {};
    const other = taskAt.get(future);
    if (task === undefined || other === undefined) return undefined;
    const known = joins.getOrInsertComputed(task, () => new Set()).add(other);
    return { task, joins: [...known].sort((a, b) => Number(a) - Number(b)) };
  };
}

// "Task 5 has AppFuture: <AppFuture at 0x7f01 state=pending>", or before 2026
// "Task 5 set to pending state with AppFuture: ...".
const hasFuture =
  /^Task (\d+):? (?:has|set to pending state with) AppFuture: '?<AppFuture at (0x[0-9a-f]+)\b/;
const callback =
  /^(?:Join callback for task|Task) (?<task>\d+)(?:,|: join callback with) inner_app_future <AppFuture at (?<future>0x[0-9a-f]+)\b/;
const notDone =
  /^A joinable future <AppFuture at (?<future>0x[0-9a-f]+)\b.* is not done for task (?<task>\d+)\b/;
