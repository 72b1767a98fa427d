import { sha256 } from "../../container/sha256.ts";
import type { LogFormat } from "../format.ts";
import type { LineBeginning } from "../../lines/prefix.ts";
import type { PlainOptions } from "../../store/options.ts";
import { lineReader, type LineRecord } from "./line_reader.ts";
import {
  defined,
  type Groups,
  groupsOf,
  type PlainPatterns,
} from "./plain_patterns.ts";
import { type TimeReader, timeReader } from "../../clock/written_time.ts";
import { isUnreadable } from "../../lines/lines.ts";

/** The format of a file whose path has these groups. */
export type LineFormats = (path: Groups) => LogFormat;

/** Formats of files that are read by the same patterns. */
export function lineFormats(
  patterns: PlainPatterns,
  options: PlainOptions,
): LineFormats {
  const { time, name, seconds } = patterns;
  const readTime = timeReader(seconds);
  const common = Object.entries<string>(JSON.parse(options.attributes))
    .sort().map(([, value]) => value);
  return (path) => ({
    importer: name,
    isIdentifiedByUser: true,
    variant: hashOf(patterns, options, defined(path)),
    beginning: beginningOf(time, readTime),
    open(writer, { rundir }, { clock }) {
      // The run directory may be known under another name.
      const said = path.rundir === undefined ? path : { ...path, rundir };
      return lineReader(patterns, writer, defined(said), common, (text) => {
        const written = readTime(text);
        if (!written?.isLocal) return written?.time;
        return clock.unix(written.time);
      });
    },
  });
}

function beginningOf(time: RegExp, readTime: TimeReader): LineBeginning {
  return {
    read(text, line, offset): LineRecord | undefined {
      if (isUnreadable(text)) return undefined;
      const found = time.exec(text);
      const written = readTime(found?.groups?.time ?? "");
      if (!found || !written) return undefined;
      const { time: _, ...beside } = found.groups!;
      const end = found.index + found[0].length;
      const message = [text.slice(0, found.index), text.slice(end)]
        .map((part) => part.trim()).filter((part) => part !== "").join(" ");
      return {
        ...written,
        ...{ message, line, offset, beside: defined(beside) },
        thread: "",
        level: "",
      };
    },
    isDamaged: (text) =>
      isUnreadable(text) || damaged.test(text) || time.test(text),
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
  { time, lines, seconds }: PlainPatterns,
  { attributes, timeZone }: PlainOptions,
  { rundir: _, ...path }: Record<string, string>,
): string {
  const readsLocal = lines.some(({ match }) =>
    groupsOf(match).includes("time")
  );
  const by = [
    String(time),
    String(seconds),
    lines.map(({ match, ...rest }) => [String(match), rest]),
    Object.entries(JSON.parse(attributes)).sort(),
    Object.entries(path),
    readsLocal && timeZone,
  ];
  return sha256().update(JSON.stringify(by)).digest("hex");
}
