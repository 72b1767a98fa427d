import { joinedUpTo } from "../../container/chunks.ts";
import { spanKey } from "../../../sql/mod.ts";
import type { SpanKind } from "../../store/span_table.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import type { BinaryFormat } from "../format.ts";
// What is needed for this kind of file alone is loaded when there is one.
import defer * as unpickling from "./unpickle.ts";

/**
 * parsl_tracing.pickle, which the DESC branches of Parsl write at the end of a
 * run: a dict of `events`, each a time, a name and the span, and `binds`, which
 * say what is inside of what. A span is a type and an id. Events are in the
 * order of the pickle, and their number, from 1, is their line; binds go on.
 */
export const tracingPickle: BinaryFormat = {
  importer: "parsl_tracing.pickle",
  fileName: /^parsl_tracing\.pickle$/,
  // Any file with this name is treated as a (possibly broken) pickle.
  sniff: () => true,
  read(chunks, { writer, place: { path, rundir } }) {
    const { events, binds } = tracingIn(chunks, path);
    const spans = tracedSpans(writer, rundir);
    const malformed: number[] = [];
    events.forEach((event, i) => {
      if (!tellEvent(writer, spans, event, i + 1)) malformed.push(i + 1);
    });
    binds.forEach((bind, i) => {
      if (!tellBind(writer, spans, bind)) malformed.push(events.length + i + 1);
    });
    return { records: events.length + binds.length, malformed };
  },
};

// Of hundreds of thousands of tasks; a packed file may unpack to anything.
const largest = 2 ** 29;

function tracingIn(
  chunks: Iterable<Uint8Array>,
  path: string,
): { events: unknown[]; binds: unknown[] } {
  let tracing: unknown;
  try {
    tracing = unpickling.unpickle(joinedUpTo(largest, chunks));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SyntaxError(`${path} is damaged, or no pickle: ${reason}`, {
      cause,
    });
  }
  const [events, binds] = ["events", "binds"].map((name) =>
    tracing instanceof Map ? tracing.get(name) : undefined
  );
  if (!Array.isArray(events) || !Array.isArray(binds ?? [])) {
    throw new SyntaxError(
      `${path} holds no tracing: it is a dict with a list of events, and ` +
        "a list of binds",
    );
  }
  return { events, binds: binds ?? [] };
}

function tellEvent(
  writer: SpanWriter,
  spans: TracedSpans,
  event: unknown,
  line: number,
): boolean {
  if (!Array.isArray(event)) return false;
  const [time, name, type, id] = event;
  const span = spans(type, id);
  const isTold = span && isName(name) && Number.isFinite(time);
  if (isTold) writer.event(span.id, name, { time, line, offset: null });
  return Boolean(isTold);
}

function tellBind(
  writer: SpanWriter,
  spans: TracedSpans,
  bind: unknown,
): boolean {
  if (!Array.isArray(bind)) return false;
  const [outerType, outerId, innerType, innerId] = bind;
  const outer = spans(outerType, outerId);
  const inner = spans(innerType, innerId);
  if (!outer || !inner) return false;
  writer.nest(outer.id, inner.id, inner.key);
  return true;
}

/** The span of a type and an id; undefined if they are none. */
type TracedSpans = (
  type: unknown,
  id: unknown,
) => { id: number; key: string } | undefined;

function tracedSpans(writer: SpanWriter, rundir: string): TracedSpans {
  const kinds = new Map<string, { names: readonly string[]; kind: SpanKind }>();
  const kindOf = (type: string) => {
    const known = kinds.get(type);
    if (known) return known;
    const names = identities.get(type) ?? ["id"];
    const kind = writer.kind(`parsl.tracing.${type}`, { rundir }, names);
    kinds.set(type, { names, kind });
    return { names, kind };
  };
  return (type, id) => {
    const parts = (Array.isArray(id) ? id : [id]).map(textOf);
    if (!isName(type) || parts.length === 0 || !parts.every(isText)) {
      return undefined;
    }
    const key = spanKey(parts);
    const values = identities.has(type) ? parts : [key];
    const { names, kind } = kindOf(type);
    if (values.length !== names.length) return undefined;
    return { id: kind.id(...values), key };
  };
}

/** What identifies the spans that other logs tell of as well. */
const identities: ReadonlyMap<string, readonly string[]> = new Map([
  ["TASK", ["task"]],
  ["TRY", ["task", "try"]],
  ["EXECUTOR_TASK", ["executor_task"]],
  ["WQ_TASK", ["workqueue_task"]],
]);

const isText = (value: string | undefined): value is string =>
  value !== undefined;

function textOf(value: unknown): string | undefined {
  const isId = typeof value === "string" || typeof value === "bigint" ||
    Number.isSafeInteger(value);
  return isId ? String(value) : undefined;
}

const isName = (value: unknown): value is string =>
  typeof value === "string" && value !== "";
