import { refuseSlow } from "../../../display/slow_patterns.ts";
import { spanKey } from "../../../sql/mod.ts";
import { timeReader, unixTime } from "../../clock/written_time.ts";
import { sha256 } from "../../container/sha256.ts";
import { isUnreadable } from "../../lines/lines.ts";
import { namedNumbers, writeNumbers } from "../../lines/metrics.ts";
import { pairsIn } from "../../lines/pairs.ts";
import { type Template, templateOf } from "../../lines/template.ts";
import type { PlainOptions } from "../../store/options.ts";
import type { LineRef, SpanWriter } from "../../store/span_writer.ts";
import type { LogFormat, RecordReader } from "../format.ts";
import {
  defined,
  type Groups,
  groupsOf,
  type PlainLine,
  type PlainPatterns,
} from "./line_patterns.ts";
import { writeFile } from "./within.ts";

/** The format of a file whose path has these groups. */
export type LineFormats = (path: Groups) => LogFormat;

/** Formats of files that are read by the same patterns. */
export function lineFormats(
  patterns: PlainPatterns,
  options: PlainOptions,
): LineFormats {
  const { time, name, lines, seconds, year, within } = patterns;
  const readSeconds = seconds && ((text: string) => {
    const time = Number(seconds(text));
    return Number.isFinite(time) ? { time } : undefined;
  });
  const common = Object.entries<string>(JSON.parse(options.attributes))
    .sort().map(([, value]) => value);
  return (path) => {
    const newReader = () => readSeconds ?? timeReader(year);
    let read = newReader();
    return {
      importer: name,
      isIdentifiedByUser: true,
      variant: hashOf(patterns, options, defined(path)),
      beginning: {
        read(text) {
          if (isUnreadable(text)) return undefined;
          refuseSlow(time, text, "the line ");
          const found = time.exec(text);
          const written = read(found?.groups?.time ?? "");
          if (!found || !written) return undefined;
          const { time: _, ...members }: Groups = found.groups!;
          const end = found.index + found[0].length;
          const message = [text.slice(0, found.index), text.slice(end)]
            .map((part) => part.trim()).filter((part) => part !== "").join(" ");
          const { process, thread, logger, level } = members;
          const origin = process || thread || logger || level
            ? { process, thread, logger, level }
            : undefined;
          return { ...written, origin, message, members: defined(members) };
        },
        isDamaged: (text) =>
          isUnreadable(text) || damaged.test(text) || time.test(text),
      },
      ...within && { process: "bound_log.alone" },
      open(writer, place, { clock }) {
        const { rundir } = place;
        // The first lines may have been read before, to recognize the log.
        read = newReader();
        // The run directory may be known under another name.
        const location = path.rundir === undefined ? path : { ...path, rundir };
        const groups = defined(location);
        const file = within && writeFile(writer, within, place, groups);
        const reader = lineReader(
          lines,
          writer,
          { ...groups, ...file?.attributes },
          [...common, ...Object.values(file?.attributes ?? {})],
          (text) => unixTime(read(text), clock),
          file?.id,
        );
        return file ? { ...reader, process: () => file.id } : reader;
      },
    };
  };
}

// Most likely the rest of a line that began with a time.
const damaged = /^\W?(?:\d{6,}|\d{4}[-/]\d\d[-/]\d\d)/;

/**
 * Hash of everything that determines which spans a file produces: patterns,
 * attributes, and the path's groups, because equal files may be from two
 * workers. The place of the run directory does not matter.
 */
function hashOf(
  { time, lines, seconds, year, within }: PlainPatterns,
  { attributes, timeZone }: PlainOptions,
  { rundir: _, ...path }: Record<string, string>,
): string {
  const readsLocal = lines.some(({ match, pairs }) =>
    [...groupsOf(match), ...pairs.map(([group]) => group)].includes("time")
  );
  const by = [
    String(time),
    String(seconds),
    lines.map(({ match, ...rest }) => [String(match), rest]),
    Object.entries(JSON.parse(attributes)).sort(),
    Object.entries(path),
    readsLocal && timeZone,
    ...year === undefined ? [] : [year],
    ...within === undefined ? [] : [within],
  ];
  return sha256().update(JSON.stringify(by)).digest("hex");
}

/**
 * Reads messages by the patterns that they match. `path` has the groups of the
 * path, `common` the values that identify every span besides, and `file` the
 * span around all of them.
 */
function lineReader(
  lines: readonly PlainLine[],
  writer: SpanWriter,
  path: Record<string, string>,
  common: readonly string[],
  unixTime: (text: string) => number,
  file?: number,
): RecordReader {
  const ids = new Map<string, number>();
  const idOf = ({ span, identity }: PlainLine, groups: Groups) => {
    const values = identity.map((name) => groups[name] || path[name]);
    if (values.some((value, i) => !value && identity[i]! in groups)) {
      return undefined;
    }
    const place = [span, ...values].join("\0");
    let id = ids.get(place);
    if (id === undefined) {
      const key = spanKey([...common, ...values.map((value) => value ?? "")]);
      const own = Object.fromEntries(
        identity.map((name, i) => [name, values[i]]),
      );
      ids.set(place, id = writer.span(span, key, { ...path, ...defined(own) }));
      if (file !== undefined) writer.nest(file, id, null);
    }
    return id;
  };
  const hasPairs = lines.some(({ pairs }) => pairs.length > 0);
  return {
    read(record) {
      const { members, message, line, offset, origin, continued } = record;
      let isMalformed = false;
      const named = new Set<number>();
      const measured = new Set<number>();
      const others = new Map<number, Unnamed>();
      const known = hasPairs ? pairsIn(message) : [];
      for (const pattern of lines) {
        const { match, details, pairs } = pattern;
        refuseSlow(match, message, `line ${line}, `);
        for (
          const found of match.global
            ? message.matchAll(match)
            : [match.exec(message)]
        ) {
          if (!found) continue;
          const paired = pairs.map(([group, key]) =>
            [group, known.find((pair) => pair.key === key)] as const
          );
          const groups: Groups = { ...found.groups };
          for (const [group, pair] of paired) groups[group] = pair?.value;
          const time = groups.time === undefined
            ? record.time
            : unixTime(groups.time);
          const id = idOf(pattern, groups);
          if (Number.isNaN(time) || id === undefined) continue;
          const captured = defined(
            Object.fromEntries(details.map((name) => [name, groups[name]])),
          );
          writer.add(id, captured);
          const at = { time, line, offset, origin, continued };
          for (const [family, names] of pattern.metrics) {
            const numbers = namedNumbers(
              names.map((name) => [name, groups[name]]),
            );
            if (numbers.length === 0) continue;
            measured.add(id);
            const reading = writeNumbers(writer, id, family, numbers, at);
            if (reading === "malformed") isMalformed = true;
          }
          const event = pattern.event ?? groups.event;
          if (event) {
            named.add(id);
            writer.event(id, event, at, { ...members, ...captured });
          } else {
            const other: Unnamed = others.get(id) ??
              { at, captured: {}, places: [] };
            others.set(id, other);
            Object.assign(other.captured, captured);
            for (const place of Object.values(found.indices?.groups ?? {})) {
              other.places.push(place);
            }
            for (const [, pair] of paired) other.places.push(pair?.place);
          }
        }
      }
      for (const [id, { at, captured, places }] of others) {
        if (named.has(id) || measured.has(id)) continue;
        const template = templateWithout(message, places);
        writer.template(id, template, at, { ...members, ...captured });
      }
      if (isMalformed) return "malformed";
      return named.size + others.size > 0 ? "matched" : "unmatched";
    },
  };
}

/** Matches of one span by the patterns without an event's name. */
interface Unnamed {
  at: LineRef;
  captured: Record<string, string>;
  /** Places of the groups in the message. */
  places: (readonly [start: number, end: number] | undefined)[];
}

// A group is masked in the template, even if it matched a word.
function templateWithout(message: string, places: Unnamed["places"]): Template {
  let masked = "";
  let after = 0;
  /** By position, the text for each %s. */
  const texts: string[] = [];
  const add = (text: string) => {
    masked += text;
    for (const found of text.match(/%s/g) ?? []) texts.push(found);
  };
  const sorted = places.filter((place) => place !== undefined)
    .sort(([a], [b]) => a - b);
  for (const [start, end] of sorted) {
    if (start < after || start === end) continue;
    add(message.slice(after, start));
    masked += "%s";
    texts.push(message.slice(start, end));
    after = end;
  }
  add(message.slice(after));
  const { text, values } = templateOf(masked);
  let next = 0;
  return {
    text,
    values: values
      .map((value) => value.replace(/%s/g, () => texts[next++] ?? "%s")),
  };
}
