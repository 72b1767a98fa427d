import { basename, dirname } from "node:path";
import { startText } from "../container/chunks.ts";
import type { IsWhole } from "../container/content.ts";
import type { FileFormat, LogPlace } from "../formats/format.ts";
import { databaseFormats, fileFormats } from "../formats/list.ts";
import { parslBeginning } from "../lines/prefix.ts";
import { unrotated } from "./rotation.ts";

/** A log that was found, with the facts from its path. */
export interface FoundLog {
  format: FileFormat;
  place: LogPlace;
  /** Whether its name is not usual for its format. */
  hasOtherName?: true;
}

/**
 * The format that a file seems to have, by its path or its first bytes; if they
 * contradict each other, by its first bytes. All of its content decides later:
 * {@linkcode sniffer}.
 */
export function logAt(path: string, start = ""): FoundLog | undefined {
  const isSigned = ({ signature }: FileFormat) => signature?.(start) === true;
  const usual = fileFormats.find((format) =>
    isNamed(path, format) && (!format.needsName || isSigned(format))
  );
  const others = fileFormats.filter((format) =>
    !format.needsName && isSigned(format)
  );
  const format = usual && isSigned(usual)
    ? usual
    : others.find(({ nameDecides }) => !nameDecides) ?? usual ?? others[0];
  if (!format) return undefined;
  const log = logOfFormat(path, format);
  return isNamed(path, format) ? log : { ...log, hasOtherName: true };
}

/** Whether a file has a name that is usual for a format. */
const isNamed = (path: string, { fileName, folder }: FileFormat): boolean =>
  (fileName?.test(unrotated(basename(path))) ?? false) &&
  (!folder || folder.test(dirname(path)));

/** Whether a file of a known format usually has such a path. */
export const isFileName = (path: string): boolean =>
  logAt(path) !== undefined ||
  databaseFormats.some(({ fileName }) => fileName.test(basename(path)));

/** A file as a log of this format, regardless of its name. */
export const logOfFormat = (path: string, format: FileFormat): FoundLog => ({
  format,
  place: {
    ...format.place?.(unrotated(path)) ?? { rundir: dirname(path) },
    path,
  },
});

/** Decides chunk by chunk whether content has a format; undefined: not yet. */
export type Sniffer = (chunk: Uint8Array) => boolean | undefined;

/**
 * Recognizes a log by any line near its start that begins as the lines of its
 * format do: a crash may have left damaged lines before it.
 */
export function sniffer(format: FileFormat): Sniffer {
  if ("sniff" in format) return (chunk) => format.sniff(chunk);
  const { beginning = parslBeginning, signature, isHeaded } = format;
  const decoder = new TextDecoder();
  let rest = "";
  let length = 0;
  const isRecord = (line: string) =>
    beginning.read(line.replace(/\r$/, "")) !== undefined;
  return (chunk) => {
    if (length === 0 && signature?.(startText(chunk))) return true;
    if (isHeaded) return false;
    for (let at = 0; at < chunk.length; at += windowSize) {
      const text = rest + decoder.decode(chunk.subarray(at, at + windowSize));
      const lines = text.split("\n");
      if (lines.some(isRecord)) return true;
      // A line may go on in the next window.
      rest = lines.at(-1)!.slice(0, windowSize);
    }
    length += chunk.length;
    return length > maxSniffed ? false : undefined;
  };
}

/** Whether a last line without a newline is whole, if the format can tell. */
export const isWholeOf = (format: FileFormat): IsWhole | undefined =>
  "sniff" in format ? undefined : format.beginning?.isWhole;

const windowSize = 1 << 16;
const maxSniffed = 1 << 24;
