import type { LogFormat, Reading, RecordReader } from "../format.ts";
import { raisedIn } from "../../lines/continuation.ts";
import { isUnreadable } from "../../lines/lines.ts";
import type { MessageRule } from "../../lines/match.ts";
import { ruleReader } from "../../lines/match.ts";
import { type LineStart, localSeconds } from "../../lines/prefix.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import { readExecutors } from "../parsl/executors.ts";

/**
 * endpoint.log, in the directory of an endpoint, which has the logs of its
 * engine below it. Times have no zone:
 * 2026-11-30 03:09:11,803725 INFO MainProcess-16826 ThreadPoolExecutor-0_0-1401
 * globus_compute_endpoint.engines.helper:74 execute_task effad27f-...: Preparing
 */
export const endpointLog: LogFormat = {
  importer: "endpoint.log",
  fileName: /^endpoint\.log$/,
  signature: (start) => firstLines.test(start),
  process: "globus_compute.endpoint",
  beginning: {
    read: (text) => isUnreadable(text) ? undefined : lineStart(text),
    isDamaged: (text) => isUnreadable(text) || /^\d{4}-\d\d-\d\d /.test(text),
  },
  open: (writer, { rundir }) => readEndpoint(writer, rundir),
};

// The name of a thread may hold spaces and hyphens, and is no longer than this.
const prefix = String
  .raw`(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)[,.](\d{1,9}) ([A-Z]+) (\S{1,99}-\d+) (.{1,200}?-\d+)`;
const firstLines = new RegExp(
  String.raw`^${prefix} (?:globus_\w+|parsl)\.[\w.]+:\d+ `,
  "m",
);
const wholePrefix = new RegExp(String.raw`^${prefix} ([\w.<>]+):\d+ \S+ `);

function lineStart(text: string): LineStart | undefined {
  const [written, clock, fraction, level, process, thread, logger] =
    wholePrefix.exec(text) ?? [];
  const start = written === undefined ? NaN : localSeconds(clock!);
  if (Number.isNaN(start)) return undefined;
  return {
    time: start + Number(`0.${fraction}`),
    isLocal: true,
    thread: `${process} ${thread}`,
    origin: { process, thread, logger, level },
    message: text.slice(written!.length),
  };
}

function readEndpoint(writer: SpanWriter, rundir: string): RecordReader {
  const endpoint = writer.kind("globus_compute.endpoint", { rundir }, []);
  const tasks = writer.kind("globus_compute.task", {}, ["gc_task"]);
  const executors = readExecutors(writer, rundir);
  const taskOf = (id: string): number => {
    const span = tasks.id(id);
    writer.add(span, { rundir });
    return span;
  };
  const rules: MessageRule[] = [
    [ofTask, ([, id, message], record) => {
      const span = taskOf(id!);
      const [event, pattern] = Object.entries(taskEvents)
        .find(([, pattern]) => pattern.test(message!)) ?? [];
      const { function: name, nanoseconds } = pattern?.exec(message!)?.groups ??
        {};
      writer.add(span, {
        function: name,
        ...event === "failed" && raisedIn(record),
      });
      if (event) writer.event(span, event, record);
      else writer.message(span, record.message, record);
      if (nanoseconds === undefined) return;
      const seconds = Number(nanoseconds) / 1e9;
      writer.metric(span, "globus_compute", "processing", seconds, record);
    }],
    [
      /^Storing result for later: (\S+)/,
      ([, id], record) => writer.event(taskOf(id!), "result_stored", record),
    ],
    [
      /^Retrieved stored result \((\S+)\)/,
      ([, id], record) => writer.event(taskOf(id!), "result_retrieved", record),
    ],
    [/^Failed to process task (\S+)/, ([, id], record) => {
      const span = taskOf(id!);
      writer.event(span, "failed", record);
      writer.add(span, { ...raisedIn(record) });
    }],
    ...endpointEvents.map(([pattern, event]): MessageRule => [
      pattern,
      (found, record) => {
        writer.add(endpoint.id(), { endpoint: found[1] });
        writer.event(endpoint.id(), event, record);
      },
    ]),
  ];
  const readOwn = ruleReader(rules);
  return {
    read(record): Reading {
      const { message, origin } = record;
      const isOfParsl = origin?.logger?.startsWith("parsl.") === true;
      // The rest of these lines is the arguments of a task.
      if (message.startsWith("Pushing function ")) return "unmatched";
      const isRead = isOfParsl ? executors.read(record) : readOwn(record);
      return isRead ? "matched" : "unmatched";
    },
    process: () => endpoint.id(),
    needsReread: executors.needsReread,
    finish: executors.finish,
  };
}

const ofTask = /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}): (.*)/;

const taskEvents: Readonly<Record<string, RegExp>> = {
  preparing: /^Preparing to execute task/,
  invoking: /^Invoking task \(func name: (?<function>[^,]+),/,
  returned: /^Task function complete/,
  succeeded: /^Execution completed without exception/,
  failed: /^Caught an exception while executing user function/,
  completed: /^Task processing completed in (?<nanoseconds>\d+) ns/,
};

const endpointEvents: readonly [line: RegExp, event: string][] = [
  [
    /^Initializing EndpointInterchange process with Endpoint ID: (\S+)/,
    "initializing",
  ],
  [/^Starting EndpointInterchange/, "starting"],
  [/^Starting Engine/, "engine_starting"],
  [/^Shutting down EndpointInterchange/, "shutting_down"],
  [/^EndpointInterchange shutdown complete/, "shut_down"],
];
