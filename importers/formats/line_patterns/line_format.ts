import type { LogFormat } from "../format.ts";
import type { LineBeginning } from "../../lines/prefix.ts";
import type { PlainOptions } from "../../store/options.ts";
import { defined, type Groups } from "./groups.ts";
import { hashOf } from "./hash.ts";
import { lineReader, type LineRecord } from "./line_reader.ts";
import type { PlainPatterns } from "./plain_patterns.ts";
import { type TimeReader, timeReader } from "../../clock/written_time.ts";
import { isUnreadable } from "../../lines/lines.ts";

/** Makes the format of a file whose path says so much of it. */
export type LineFormats = (path: Groups) => LogFormat;

/** The formats of the files that are read by the same patterns. */
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
    isIdentifiedByGiven: true,
    variant: hashOf(patterns, options, defined(path)),
    beginning: beginningOf(time, readTime),
    open(writer, { rundir }, { clock }) {
      // It may be known under another name.
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

// The rest of a line that began with a time, most likely.
const damaged = /^\W?(?:\d{6,}|\d{4}[-/]\d\d[-/]\d\d)/;
