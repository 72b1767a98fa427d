import { basename } from "node:path";
import { counted } from "../../display/text/format.ts";
import { attributesIn, exceptionTextOf } from "./continued.ts";
import type { EntityEvent } from "./story_event.ts";

/** How an entity ended, in words. */
export interface Outcome {
  text: string;
  isFailure: boolean;
}

/**
 * How a task ended, by the last of its events that moves it. Anything else has a
 * number of events.
 */
export function outcomeOf(events: readonly EntityEvent[]): Outcome {
  const moves = events.filter(({ place, time }) =>
    place !== null && time !== null
  );
  const of = (...roles: string[]) =>
    moves.filter(({ role }) => role !== null && roles.includes(role));
  const isTask = events.every(({ role }) =>
    role === null || ["task", "try", "work"].includes(role)
  );
  const last = of("task", "try").at(-1) ?? of("work").at(-1);
  const start = events.find(({ time }) => time !== null)?.time ?? 0;
  const end = events.findLast(({ time }) => time !== null)?.time ?? start;
  if (!isTask || !last) {
    const raised = events.map(({ attributes }) =>
      exceptionTextOf(attributesIn(attributes))
    ).findLast((exception) => exception !== null);
    const number = counted(events.length, "event");
    return {
      text: `${number} in ${exactSeconds(end - start)}` +
        (raised === undefined ? "." : `; the last exception: ${raised}`),
      isFailure: raised !== undefined,
    };
  }
  const took = exactSeconds(last.time! - start);
  const attributes = attributesIn(last.span_attributes);
  const tries = new Set(
    of("try").map((event) => attributesIn(event.span_attributes).try),
  ).size;
  const after = `after ${took}` + (tries > 1 ? `, in ${tries} tries` : "");
  if (last.place === "failed" || last.place === "to be tried again") {
    const raised = exceptionTextOf(attributes) ?? "";
    const cause = last.event_type === "dep_fail"
      ? `because another task did${raised && ` (${raised})`}`
      : raised;
    return {
      text: `Failed ${after}${cause && `: ${cause}`}`,
      isFailure: true,
    };
  }
  if (
    last.place === "done" || last.place === "returning" && !of("try").length
  ) {
    const memo = last.event_type === "memo_done" ? ", from the memo table" : "";
    return { text: `Done ${after}${memo}.`, isFailure: false };
  }
  return {
    text: `Did not end: after ${took} it was ${last.place}.`,
    isFailure: true,
  };
}

/** Who wrote a line: thread@process, without numbers of threads. */
export function authorOf(
  { thread, process, component, path }: Pick<
    EntityEvent,
    "thread" | "process" | "component" | "path"
  >,
): string {
  const name = thread?.replace(/-\d{6,}(?=-|$)/g, "") ??
    componentIn(component, path);
  return process === null ? name : `${name}@${process}`;
}

/** A component in plain words, by the last part of its name. */
export function componentIn(component: string, path: string | null): string {
  const parts = component.split(".");
  const word = parts.at(-1)!;
  // The logs of an executor are of its interchange, managers and workers.
  if (word === "htex" && path !== null) return basename(path);
  return words[word] ?? word.replaceAll("_", " ");
}

const words: Readonly<Record<string, string>> = {
  rundir: "Parsl",
  parsl: "Parsl",
  tracing: "Parsl's tracing",
  htex: "HTEX",
  submit: "Parsl",
};

/** Down to the tenth of a millisecond: "123 s", "21.1 s", "0.193 s", "0.0001 s". */
export function exactSeconds(value: number): string {
  const size = Math.abs(value);
  if (size >= 1) {
    return `${
      Number(value.toPrecision(3)).toLocaleString("en-US", {
        minimumFractionDigits: size < 10 ? 2 : size < 100 ? 1 : 0,
      })
    } s`;
  }
  return `${value.toFixed(size >= 0.0005 ? 3 : 4)} s`;
}

/** A typical time needs no more than two digits: "0.03 s". */
export const shortSeconds = (value: number): string =>
  `${
    Number(value.toPrecision(2)).toLocaleString("en-US", {
      maximumFractionDigits: 6,
    })
  } s`;
