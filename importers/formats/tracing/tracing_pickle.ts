import { messageOf } from "../../../display/text/format.ts";
import { upTo } from "../../container/chunks.ts";
import { spanKey } from "../../../sql/mod.ts";
import type { SpanWriter } from "../../store/span_writer.ts";
import type { BinaryFormat } from "../format.ts";
import { listOf } from "../json/records.ts";
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
    const spanOf = (type: unknown, id: unknown) =>
      tracedSpan(writer, rundir, type, id);
    const malformed: number[] = [];
    events.forEach((event, i) => {
      const [time, name, type, id] = listOf(event);
      const span = spanOf(type, id);
      if (span && isName(name) && Number.isFinite(time)) {
        const at = { time: time as number, line: i + 1, offset: null };
        writer.event(span.id, name, at);
      } else malformed.push(i + 1);
    });
    binds.forEach((bind, i) => {
      const [outerType, outerId, innerType, innerId] = listOf(bind);
      const outer = spanOf(outerType, outerId);
      const inner = spanOf(innerType, innerId);
      if (outer && inner) writer.nest(outer.id, inner.id, inner.key);
      else malformed.push(events.length + i + 1);
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
    tracing = unpickling.unpickle(upTo(maxBytes, chunks));
  } catch (cause) {
    const problem = `${path} is damaged or not a pickle: ${messageOf(cause)}`;
    throw new SyntaxError(problem, { cause });
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

/** Finds or creates the span of a type and an id; undefined if invalid. */
function tracedSpan(
  writer: SpanWriter,
  rundir: string,
  type: unknown,
  id: unknown,
): { id: number; key: string } | undefined {
  const parts = (Array.isArray(id) ? id : [id]).map(idText);
  const isWhole = parts.length > 0 &&
    parts.every((part) => part !== undefined);
  if (!isName(type) || !isWhole) return undefined;
  const key = spanKey(parts);
  const names = identities.get(type);
  if (names && names.length !== parts.length) return undefined;
  const kind = writer
    .kind(`parsl.tracing.${type}`, { rundir }, names ?? ["id"]);
  return { id: kind.id(...names ? parts : [key]), key };
}

/** Attributes that identify spans which other logs contain, too. */
export const identities: ReadonlyMap<string, readonly string[]> = new Map([
  ["TASK", ["task"]],
  ["TRY", ["task", "try"]],
  ["EXECUTOR_TASK", ["executor_task"]],
  ["WQ_TASK", ["workqueue_task"]],
]);

function idText(value: unknown): string | undefined {
  const isId = typeof value === "string" || typeof value === "bigint" ||
    Number.isSafeInteger(value);
  return isId ? String(value) : undefined;
}

const isName = (value: unknown): value is string =>
  typeof value === "string" && value !== "";
