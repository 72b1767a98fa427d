import { messageOf } from "../../../display/text/format.ts";
import { syslogBeginning } from "../../lines/syslog.ts";
import {
  checkYear,
  type MemberNames,
  type MemberPairs,
  namesOf,
} from "../json/options.ts";
import {
  check,
  checkMembers,
  membersOfLine,
  membersOfPatterns,
} from "./check_members.ts";
import { type PlainWithin, plainWithin, type Within } from "./within.ts";

/** Lines of one kind, for `importLines`. */
export interface LinePattern {
  /**
   * Matches the messages of these lines. Named groups become attributes of the
   * span, except two: `event` is the name of the event and `time` its time, if
   * the message has one besides the time of the line. With the flag `g`, each
   * match counts: `/task (?<task>\d+)/g` is for messages that name several
   * tasks.
   */
  match?: RegExp | string;
  /**
   * Keys of pairs key=value in the message, in any order and quoted or not, whose
   * values act as named groups: `["task_id"]`, or `{ task: "task_id" }`. `match`
   * may be absent then, and matches any line with a value for those that identify
   * the span.
   */
  pairs?: MemberNames;
  /**
   * Type of the span: "funcx.worker.task". The named groups identify it among
   * the spans of its type, so all patterns of a type have the same groups,
   * except those in `details`. A match with an empty identifying group is ignored.
   */
  span: string;
  /**
   * Name of the event, if it is the same for all these lines. Without a name
   * from here or from a group, the event's type is the template of the message,
   * with %s in place of groups, numbers, paths and the like: "Sent %s results to
   * %s". A line produces such an event only if it produces no other for the same
   * span, so a last pattern may match everything else.
   */
  event?: string;
  /**
   * Groups that describe the span and the event but do not identify it:
   * `["exit_code"]`. Groups of `path` may be among them.
   */
  details?: readonly string[];
  /**
   * Groups whose numbers become metrics of the span, by the name of their family:
   * `{ queue: ["length", "waiting"] }`. They do not identify the span. A line with
   * numbers has no event without a name.
   */
  metrics?: Readonly<Record<string, readonly string[]>>;
}

/**
 * How to read a log, for `importLines`. Any regular expression may be text, such
 * as a JSON file has: its source, or `"/source/flags"` with flags.
 */
export interface LinePatterns {
  /**
   * Finds the time of a line in the group `time`: Unix time (in seconds, or by
   * the number of digits in milli-, micro- or nanoseconds) or a clock time, such
   * as 2022-08-03 11:26:36,973 or 03/Aug/2022:11:26:36 +0200; 8/3/2022 9:26:40 PM
   * has the month first. A line without a match continues the one above, whose
   * events have it in the attribute `more`.
   *
   * `"syslog"` stands for a pattern of its lines by RFC 3164, which need `year`, or
   * 5424, with the groups `host`, `logger`, `process`, `id` and `priority`.
   *
   * The message is the line without the whole match, which should reach to where
   * the message starts. Other groups, such as `level`, are kept with each event;
   * `process`, `thread`, `logger` and `level` are in the table `origin`, too.
   */
  time: RegExp | string;
  /** The year of the first line, for times without one, as in syslog. */
  year?: number;
  /**
   * Patterns of messages. A line counts for every pattern that it matches. A file
   * fails with an error if a pattern would take seconds for one of its lines.
   */
  lines: readonly LinePattern[];
  /**
   * Matches the paths of the files to read, with groups that identify the
   * writer: `/logs\/(?<node>\w+)\/worker_(?<worker>\d+)\.log$/`. The groups
   * become attributes of each span and identify it together with those of the
   * line. Paths are absolute, with slashes.
   */
  path?: RegExp | string;
  /**
   * Parses times in other formats to Unix seconds, or NaN for a broken one. If
   * its source text changes, files are read again.
   */
  seconds?: (time: string) => number;
  /**
   * The run, task or try of Parsl that the log is about as a whole:
   * `{ run: "000", task: 5, try: 0 }`, or `"path"` if `path` has groups with these
   * names. There `run` matches a run's id, not its label; a group `rundir` matches
   * its directory instead. The log's spans identify themselves within it, and are
   * inside a span of the whole log, which is inside the try. With `{}` the log is
   * a context of its own.
   */
  within?: "path" | Within;
  /**
   * Name of the importer: "lines" by default. A file is imported once per name,
   * so patterns can be changed and tried again; use two names for two sets of
   * patterns on one file.
   */
  name?: string;
}

/** Checked patterns in canonical form. */
export interface PlainPatterns
  extends Omit<LinePatterns, "lines" | "path" | "within"> {
  name: string;
  time: RegExp;
  path?: RegExp;
  lines: readonly PlainLine[];
  within?: PlainWithin;
}

/** A pattern for lines of one kind. */
export interface PlainLine
  extends Omit<LinePattern, "details" | "metrics" | "pairs"> {
  match: RegExp;
  pairs: MemberPairs;
  details: readonly string[];
  metrics: readonly (readonly [family: string, groups: readonly string[]])[];
  /** Groups that identify the span, in the order of its key. */
  identity: readonly string[];
}

/**
 * Checks patterns before anything is read. Copies the expressions, because
 * global and sticky ones have state.
 */
export function plainPatterns(patterns: LinePatterns): PlainPatterns {
  checkMembers(patterns, "the patterns", "", membersOfPatterns);
  const { lines, seconds, year, name = "lines" } = patterns;
  checkYear(year);
  const time = patterns.time === "syslog"
    ? syslogBeginning
    : checkedPattern(expressionOf(patterns.time, "time"));
  const path = patterns.path === undefined
    ? undefined
    : expressionOf(patterns.path, "path");
  check(
    groupsOf(time).includes("time"),
    `time has no group named "time": it is ${time}, and should be such as ` +
      String.raw`/^(?<time>\d+\.\d+) /`,
  );
  const pathGroups = path ? groupsOf(path) : [];
  const taken = pathGroups.find((group) => !isAttribute(group));
  check(!taken, `path cannot have a group named "${taken}"`);
  const first = new Map<string, PlainLine>();
  return {
    name,
    time: single(time),
    lines: lines.map((line, i) =>
      plainLine(line, `lines[${i}]`, pathGroups, first)
    ),
    ...path && { path: single(path) },
    ...patterns.within !== undefined &&
      { within: plainWithin(patterns.within, pathGroups) },
    ...seconds && { seconds },
    ...year !== undefined && { year },
  };
}

/** `first` has the first pattern of each type of span. */
function plainLine(
  line: LinePattern,
  where: string,
  pathGroups: readonly string[],
  first: Map<string, PlainLine>,
): PlainLine {
  checkMembers(line, where, `${where}.`, membersOfLine);
  const { span, event } = line;
  const details = line.details || [];
  const metrics = Object.entries(line.metrics ?? {});
  const numbers = metrics.flatMap(([, groups]) => groups);
  const pairs = namesOf(line.pairs ?? []);
  check(
    line.match !== undefined || pairs.length > 0,
    `${where}.match must be a regular expression, unless there are pairs`,
  );
  const match = checkedPattern(
    expressionOf(line.match ?? /^/, `${where}.match`),
  );
  const groups = [...groupsOf(match), ...pairs.map(([group]) => group)];
  check(
    event === undefined || !groups.includes("event"),
    `${where} names its event twice: event is "${event}", and ${match} ` +
      'has a group named "event"',
  );
  const names = [...new Set([...pathGroups, ...groups.filter(isAttribute)])];
  for (
    const [member, groups] of Object.entries({ details, metrics: numbers })
  ) {
    const unknown = groups.find((name) => !names.includes(name));
    check(
      unknown === undefined,
      `${where}.${member} has ${
        JSON.stringify(unknown)
      }, which is not a group: ` +
        `${match} has ${names.join(", ") || "none"}`,
    );
  }
  const identity = names
    .filter((name) => !details.includes(name) && !numbers.includes(name));
  const own: PlainLine = { match, pairs, span, details, metrics, identity };
  const known = first.get(span) ?? own;
  first.set(span, known);
  const differing = new Set(known.identity)
    .symmetricDifference(new Set(identity));
  const list = (names: readonly string[]) => names.join(", ") || "nothing";
  // They could never match the same span.
  check(
    differing.size === 0,
    `spans of the type "${span}" must be identified alike: by ` +
      `${list(known.identity)} in ${known.match}, by ${list(identity)} in ` +
      `${match}. List in details the groups that do not identify them: ` +
      `details: ${JSON.stringify([...differing])}`,
  );
  const plain = { ...own, identity: known.identity };
  if (event !== undefined) return { ...plain, event };
  // The places of groups are needed to mask them in templates.
  const flags = match.hasIndices ? match.flags : `${match.flags}d`;
  return { ...plain, match: new RegExp(match, flags) };
}

/** A regular expression, or its text with or without flags. */
function expressionOf(pattern: RegExp | string, where: string): RegExp {
  if (typeof pattern !== "string") return pattern;
  const [, source = pattern, flags = ""] =
    /^\/([^]*)\/([a-z]+)$/.exec(pattern) ?? [];
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw new TypeError(`${where} is wrong: ${messageOf(error)}`);
  }
}

const checkedPattern = (pattern: RegExp): RegExp =>
  pattern.global ? new RegExp(pattern) : single(pattern);

/** Without the flags g and y. */
const single = ({ source, flags, sticky }: RegExp): RegExp =>
  new RegExp(sticky ? `^(?:${source})` : source, flags.replace(/[gy]/g, ""));

/** Texts of named groups; undefined for a group that did not match. */
export type Groups = Record<string, string | undefined>;

/** The groups that matched. */
export function defined(groups: Groups): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).filter((group): group is [string, string] =>
      group[1] !== undefined
    ),
  );
}

/** Whether a group is an attribute of the span. */
const isAttribute = (group: string): boolean =>
  group !== "time" && group !== "event";

/** Names of an expression's groups, in order. */
export function groupsOf({ source, flags }: RegExp): string[] {
  // The empty alternative matches "" and still lists all groups.
  const all = new RegExp(`${source}|`, flags.replace(/[gy]/g, ""));
  return Object.keys(all.exec("")?.groups ?? {});
}
