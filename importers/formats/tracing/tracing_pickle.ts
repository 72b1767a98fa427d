import { joinedUpTo } from "../../container/chunks.ts";
import { spanKey } from "../../../sql/mod.ts";
import type { SpanKind } from "../../store/span_table.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import type { BinaryFormat } from "../format.ts";
// Loaded only if there is such a file.
import defer * as unpickling from "./unpickle.ts";

/**
 * parsl_tracing.pickle, which Parsl's DESC branches write at the end of a run: a
 * dict with `events`, each a time, a name and a span, and `binds`, each an outer
 * and an inner span. A span is a type and an id. The number of an event in the
 * pickle, from 1, is its line; binds are numbered after the events.
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
      if (!writeEvent(writer, spans, event, i + 1)) malformed.push(i + 1);
    });
    binds.forEach((bind, i) => {
      if (!writeBind(writer, spans, bind)) {
        malformed.push(events.length + i + 1);
      }
    });
    return { records: events.length + binds.length, malformed };
  },
};

// Enough for hundreds of thousands of tasks; a packed file could be larger.
const maxBytes = 2 ** 29;

function tracingIn(
  chunks: Iterable<Uint8Array>,
  path: string,
): { events: unknown[]; binds: unknown[] } {
  let tracing: unknown;
  try {
    tracing = unpickling.unpickle(joinedUpTo(maxBytes, chunks));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SyntaxError(`${path} is damaged or not a pickle: ${reason}`, {
      cause,
    });
  }
  const [events, binds] = ["events", "binds"].map((name) =>
    tracing instanceof Map ? tracing.get(name) : undefined
  );
  if (!Array.isArray(events) || !Array.isArray(binds ?? [])) {
    throw new SyntaxError(
      `${path} holds no dict with lists of events and binds`,
    );
  }
  return { events, binds: binds ?? [] };
}

function writeEvent(
  writer: SpanWriter,
  spans: TracedSpans,
  event: unknown,
  line: number,
): boolean {
  if (!Array.isArray(event)) return false;
  const [time, name, type, id] = event;
  const span = spans(type, id);
  if (!span || !isName(name) || !Number.isFinite(time)) return false;
  writer.event(span.id, name, { time, line, offset: null });
  return true;
}

function writeBind(
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

/** Finds or creates the span of a type and an id; undefined if invalid. */
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

/** Attributes that identify spans which other logs contain, too. */
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
