import type { LinePattern, LinePatterns } from "./line_patterns.ts";

/** Checked patterns in canonical form. */
export interface PlainPatterns {
  name: string;
  time: RegExp;
  lines: readonly PlainLine[];
  path?: RegExp;
  seconds?: (time: string) => number;
  /** By span type, the groups that identify it, in the order of its key. */
  identities: ReadonlyMap<string, readonly string[]>;
}

/** A pattern for lines of one kind. */
export interface PlainLine {
  match: RegExp;
  span: string;
  event?: string;
  says: readonly string[];
}

/**
 * Checks patterns before anything is read. Copies the expressions, because
 * global and sticky ones have state.
 */
export function plainPatterns(patterns: LinePatterns): PlainPatterns {
  const members = ["time", "lines", "path", "seconds", "name"];
  checkNames(patterns, "the patterns", members);
  const { lines, path, seconds, name = "lines" } = patterns;
  const time = checkedPattern(patterns.time, "time");
  if (!groupsOf(time).includes("time")) {
    throw new TypeError(
      `time has no group named "time": it is ${time}, and should be such as ` +
        String.raw`/^(?<time>\d+\.\d+) /`,
    );
  }
  if (typeof name !== "string" || name === "") {
    throw new TypeError("name must be text that is not empty");
  }
  if (seconds !== undefined && typeof seconds !== "function") {
    throw new TypeError(
      `seconds must be a function from the text of a time to Unix seconds; ` +
        `it is ${kindOf(seconds)}`,
    );
  }
  if (!Array.isArray(lines) || lines.length === 0) {
    throw new TypeError(
      "lines must be an array of patterns, such as " +
        String.raw`{ match: /task (?<task>\d+)/, span: "app.task" }; it is ` +
        (Array.isArray(lines) ? "empty" : kindOf(lines)),
    );
  }
  const plainPath = path === undefined
    ? undefined
    : checkedPattern(path, "path");
  const pathGroups = plainPath ? groupsOf(plainPath) : [];
  const taken = pathGroups.find((group) => group in { time: 0, event: 0 });
  if (taken) throw new TypeError(`path cannot have a group named "${taken}"`);
  const plain = lines.map((line, i) =>
    plainLine(line, `lines[${i}]`, pathGroups)
  );
  return {
    name,
    time: single(time),
    lines: plain,
    ...(plainPath && { path: single(plainPath) }),
    ...(seconds && { seconds }),
    identities: identitiesOf(plain, pathGroups),
  };
}

function plainLine(
  line: LinePattern,
  where: string,
  pathGroups: readonly string[],
): PlainLine {
  checkNames(line, where, ["match", "span", "event", "says"]);
  const { span, event, says = [] } = line;
  const match = checkedPattern(line.match, `${where}.match`);
  if (typeof span !== "string" || span === "") {
    throw new TypeError(
      `${where}.span must be the type of span that these lines tell of, such ` +
        `as "app.task"; it is ${span === "" ? "empty" : kindOf(span)}`,
    );
  }
  const groups = groupsOf(match);
  if (event !== undefined) {
    if (typeof event !== "string" || event === "") {
      throw new TypeError(
        `${where}.event must be text; it is ` +
          (event === "" ? "empty" : kindOf(event)),
      );
    }
    if (groups.includes("event")) {
      throw new TypeError(
        `${where} names its event twice: event is "${event}", and ${match} ` +
          'has a group named "event"',
      );
    }
  }
  const names = [...pathGroups, ...groups.filter(isAttribute)];
  if (!Array.isArray(says)) {
    throw new TypeError(
      `${where}.says must be an array of names; it is ${kindOf(says)}`,
    );
  }
  const unknown = says.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(
      `${where}.says has ${JSON.stringify(unknown)}, which is not a group: ` +
        `${match} has ${names.join(", ") || "none"}`,
    );
  }
  if (event !== undefined) return { match, span, event, says };
  // The places of groups are needed to mask them in templates.
  const flags = match.hasIndices ? match.flags : `${match.flags}d`;
  return { match: new RegExp(match, flags), span, says };
}

// Patterns that identify spans of one type by different attributes could never
// match the same span.
function identitiesOf(
  lines: readonly PlainLine[],
  pathGroups: readonly string[],
): Map<string, readonly string[]> {
  const identities = new Map<string, { names: string[]; by: RegExp }>();
  for (const { match, span, says } of lines) {
    const all = new Set([
      ...pathGroups,
      ...groupsOf(match).filter(isAttribute),
    ]);
    const names = [...all].filter((name) => !says.includes(name));
    const known = identities.get(span);
    if (!known) {
      identities.set(span, { names, by: match });
      continue;
    }
    const differing = new Set(known.names).symmetricDifference(new Set(names));
    if (differing.size === 0) continue;
    const list = (names: string[]) => names.join(", ") || "nothing";
    throw new TypeError(
      `spans of the type "${span}" must be identified alike: by ` +
        `${list(known.names)} in ${known.by}, by ${list(names)} in ${match}. ` +
        "Name in says what does not identify them: " +
        `says: ${JSON.stringify([...differing])}`,
    );
  }
  return new Map(
    identities.entries().map(([span, { names }]) => [span, names]),
  );
}

function checkedPattern(pattern: RegExp, where: string): RegExp {
  if (pattern instanceof RegExp) {
    return pattern.global ? new RegExp(pattern) : single(pattern);
  }
  throw new TypeError(
    `${where} must be a regular expression; it is ${kindOf(pattern)}`,
  );
}

/** Without the flags g and y. */
const single = ({ source, flags, sticky }: RegExp): RegExp =>
  new RegExp(sticky ? `^(?:${source})` : source, flags.replace(/[gy]/g, ""));

function checkNames(
  value: object,
  where: string,
  names: readonly string[],
): void {
  if (typeof value !== "object" || value === null) {
    throw new TypeError(`${where} must be an object; it is ${kindOf(value)}`);
  }
  const unknown = Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(
      `${where} cannot have ${JSON.stringify(unknown)}: there is ` +
        names.join(", "),
    );
  }
}

const kindOf = (value: unknown): string =>
  value === null ? "null" : typeof value === "string" ? "text" : typeof value;

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
