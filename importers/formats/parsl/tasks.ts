import {
  type MessageRule,
  messageRule,
  ruleReader,
} from "../../lines/match.ts";
import {
  causeText,
  className,
  type Exception,
  maxCauses,
} from "../../lines/exceptions.ts";
import type { LogRecord, Origin } from "../../lines/prefix.ts";
import { copyOf } from "../../lines/shared_texts.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { joinReader } from "./joins.ts";
import { KnownTasks } from "./known_tasks.ts";
import { textOf } from "../json/records.ts";
import { submission } from "./submission.ts";

/**
 * Reads lines of parsl.log about tasks and tries of one run. fail_retryable
 * begins the next try; other states belong to the current one.
 *
 * Since 2026-04 a line logs every change of state. Earlier, other lines imply
 * the states; if both are present, the line about the state is the event.
 *
 * @param isContinued whether the tasks of an older part of the log are known
 */
export function readTasks(
  writer: SpanWriter,
  rundir: string,
  isContinued = false,
) {
  const tasks = writer.kind("parsl.rundir.task", { rundir }, ["task"]);
  const tries = writer.kind("parsl.rundir.try", { rundir }, ["task", "try"]);
  const workflows = writer.kind("parsl.rundir.workflow", { rundir }, []);
  const known = new KnownTasks();
  const joinsIn = joinReader();
  let logsStates = false;
  /** An exception whose task a later line of the thread names. */
  let raised: Exception & { thread: string } | undefined;
  /** The last task that failed for good. */
  let lastFailed: { thread: string; task: string } | undefined;

  const lastTry = (task: string): number => {
    let number = 0;
    if (isContinued) {
      while (tries.known(task, String(number + 1)) !== undefined) number++;
    }
    return number;
  };
  const knownTask = (task: string): number => {
    const number = known.number(task);
    if (known.meet(number)) {
      writer.nest(workflows.id(), tasks.id(task), task);
      known.setCurrent(number, lastTry(task));
    }
    return number;
  };
  const taskId = (task: string) => {
    knownTask(task);
    return tasks.id(task);
  };
  const knownId = (task: string) =>
    isContinued || known.has(task) ? tasks.known(task) : undefined;
  const tryId = (task: string, number: string): number => {
    const of = knownTask(task);
    const id = tries.id(task, number);
    if (known.lastTry(of) !== Number(number)) {
      writer.nest(tasks.id(task), id, number);
      known.setLastTry(of, Number(number));
    }
    return id;
  };
  const currentTry = (task: string) =>
    tryId(task, String(known.current(knownTask(task))));
  /** Later states belong to this try. */
  const turnTo = (task: string, number: string) => {
    known.setCurrent(knownTask(task), Number(number));
    return tryId(task, number);
  };
  const enter = (task: string, state: string, at: LogRecord) => {
    const number = at.fields?.try;
    const id = number === undefined ? currentTry(task) : turnTo(task, number);
    writer.event(id, state, at);
    if (state === "fail_retryable") {
      const of = knownTask(task);
      known.setCurrent(of, known.current(of) + 1);
    }
  };
  /** Tries know their exceptions, and tasks those of the tasks they wait for. */
  const fail = (
    task: string,
    id: number,
    { exception, exception_message, exception_causes = [] }: Exception,
  ) => {
    writer.add(id, {
      exception,
      exception_message,
      exception_causes: exception_causes.length ? exception_causes : undefined,
    });
    if (exception === undefined) return;
    const text = causeText({ exception, exception_message });
    known.setFailure(
      knownTask(task),
      [...exception_causes, text].slice(-maxCauses),
    );
  };
  const join = (task: string, joins: readonly string[]) => {
    known.setJoins(knownTask(task), joins);
    writer.add(taskId(task), { joins });
    writer.add(currentTry(task), { joins });
  };
  /** A line that implies a state, in Parsl before 2026-04. */
  const implied = (pattern: RegExp, state?: string): MessageRule => [
    pattern,
    ([, task, captured], record) => {
      if (logsStates) return false;
      enter(task!, state ?? captured!, record);
    },
  ];

  const readMessage = ruleReader([
    [launched, ([, task, number, executor, executor_task], record) => {
      const id = number === undefined
        ? currentTry(task!)
        : turnTo(task!, number);
      writer.add(id, { executor, executor_task });
      if (logsStates) writer.message(id, record.message, record);
      else writer.event(id, "launched", record);
    }],
    [/<AppFuture at /, (_, { message }) => {
      const joined = joinsIn(message);
      if (joined) join(joined.task, joined.joins);
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
      /^Task (\d+):? submitted for App (.*)$/s,
      ([, task, text], record) => {
        const id = taskId(task!);
        writer.event(id, "submitted", record);
        const { continued, members } = record;
        const { app, depends } = submission(
          continued ? `${text}\n${continued.more}` : text!,
        );
        known.setDepends(knownTask(task!), depends);
        writer.add(id, {
          app: textOf(members?.["parsl.app_name"]) ?? app,
          depends: depends.length ? depends : undefined,
        });
      },
    ],
    implied(/^Task (\d+):? completed \(\w+ -> (\w+)\)/),
    implied(/^Task (\d+):? set to pending state/, "pending"),
    implied(/^Task (\d+):? marked for retry/, "fail_retryable"),
    [/^Task (\d+):? failed after \d+ retry/, ([, task], record) => {
      const id = currentTry(task!);
      lastFailed = { thread: record.thread, task: copyOf(task!) };
      fail(task!, id, record.continued ?? {});
      if (logsStates) writer.message(id, record.message, record);
      else enter(task!, "failed", record);
    }],
    [/^Task (\d+):? failed due to dependency failure/, ([, task]) => {
      fail(task!, currentTry(task!), {
        exception: "DependencyError",
        exception_causes: known.failuresOfDepends(knownTask(task!))
          .slice(-maxCauses),
      });
      return false;
    }],
    // A second line goes on ", so skipping retries".
    implied(/^Task (\d+):? failed due to dependency failure$/, "dep_fail"),
    [
      /^Task (\d+):? failed due to failure of (an )?inner join future/,
      ([, task, isWrapped], { thread }) => {
        // Before it had an article, a join app had one inner task, whose failure
        // its thread has just logged.
        if (!isWrapped && lastFailed?.thread === thread) {
          join(task!, [lastFailed.task]);
        }
        lastFailed = { thread, task: copyOf(task!) };
        const causes = known.failuresOfJoins(knownTask(task!))
          .slice(-maxCauses);
        // It failed with the exception of the inner task itself.
        const exception_causes = isWrapped ? causes : causes.slice(0, -1);
        const [, exception, exception_message] = isWrapped
          ? [, "JoinError"]
          : /^([^:]+)(?:: ([^]*))?$/.exec(causes.at(-1) ?? "") ?? [];
        fail(task!, currentTry(task!), {
          exception,
          exception_message,
          exception_causes,
        });
        return false;
      },
    ],
    implied(
      /^Task (\d+):? failed due to failure of (?:an )?inner join/,
      "failed",
    ),
    [/^Task (\d+):? try (\d+)\b/, ([, task, number], record) => {
      const id = turnTo(task!, number!);
      writer.message(id, record.message, record);
      const [, failed, type] =
        /^Task \d+:? try \d+ (failed)(?: with exception of type (\S+))?/
          .exec(record.message) ?? [];
      if (!failed) return;
      const own = raised?.thread === record.thread ? raised : undefined;
      const isSame = !type || own?.exception === type;
      if (own) raised = undefined;
      fail(task!, id, isSame && own ? own : { exception: type });
    }],
    [
      stream,
      ([, name, task, path]) => {
        const id = knownId(task!);
        if (id !== undefined) {
          writer.add(id, { [name === "out" ? "stdout" : "stderr"]: path });
        }
        return false;
      },
    ],
    [reraised, ([, type], record) => {
      const { thread, continued } = record;
      raised = {
        thread,
        ...type ? { exception: copyOf(className(type)) } : continued,
      };
      // Each of these lines counts.
      record.shape = undefined;
      return false;
    }],
    messageRule(
      writer,
      (task, { origin, fields }) =>
        fields?.task === task && fields.try !== undefined
          ? tryId(task, fields.try)
          : isParsl(origin)
          ? taskId(task)
          : knownId(task),
      /^Task (\d+):? /,
    ),
    // Lines that mention a task anywhere: "... with result from task 5".
    messageRule(
      writer,
      knownId,
      /\b[Tt]asks?:? (\d+\b|\[\d+(?:, *\d+)*\])/,
    ),
  ]);
  return {
    read(record: LogRecord): boolean {
      const { task, state } = record.fields ?? {};
      if (task === undefined || state === undefined) return readMessage(record);
      logsStates = true;
      enter(task, state, record);
      return true;
    },
    /** The task or try that a record names. */
    subject(record: LogRecord): number | undefined {
      const { task, try: number, executor, executor_id } = record.fields!;
      if (task === undefined) return undefined;
      if (number !== undefined) {
        const id = tryId(task, number);
        writer.add(id, { executor, executor_task: executor_id });
        return id;
      }
      const last = known.lastTry(knownTask(task));
      const id = last === undefined
        ? undefined
        : tries.known(task, String(last));
      return id !== undefined && writer.hasEvent(id, record)
        ? id
        : tasks.id(task);
    },
  };
}

// Files of a bash app. Until 2023-12 only the ones in use were logged.
const stream =
  /^Standard (out|error)(?:put)? for task (\d+) (?:available at|will be redirected to|will staged to) (.*?)(?: with mode \w\+?)?$/;

const reraised =
  /^Reraising exception of type <class '([^']*)'>|^Got an exception launching task/;

const isParsl = (origin: Origin | undefined): boolean =>
  /^parsl\b|^$/.test(origin?.logger ?? "");

/**
 * "Parsl task 0 try 0 launched on executor htex_Local with executor id 1". Parsl
 * 1.1 names neither the try nor the executor's number.
 */
export const launched =
  /^(?:Parsl task|Task) (\d+):? (?:try (\d+) )?launched on executor (.+?)(?: with executor id (\d+))?$/;
