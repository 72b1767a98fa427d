import { capitalized, count, counted } from "../../display/text/format.ts";
import type { ImportReport, NotRead, SourceReport } from "./report.ts";

/** What was read and whether anything is broken, in a sentence. */
export function sentenceOf(report: ImportReport): string {
  const { sources, database, notRead } = report;
  if (sources.length === 0) {
    return notRead.length > 0
      ? "Nothing was imported: no importer reads any of these files."
      : "Nothing was imported: there are no files.";
  }
  const { runs, unfinishedRuns, tasks, failed } = database;
  const held = [
    ...runs > 0
      ? [
        counted(runs, "run") +
        (unfinishedRuns === 0
          ? ""
          : runs === 1
          ? " that did not end"
          : `, ${count(unfinishedRuns)} of which did not end`),
      ]
      : [],
    ...tasks > 0
      ? [
        counted(tasks, "task"),
        failed > 0 ? `${count(failed)} failed` : "none failed",
      ]
      : [],
  ].join(", ");
  const read = sources.filter(({ outcome }) => outcome !== "failed");
  const unchanged = read.filter(({ outcome }) => outcome === "unchanged");
  const done = [
    read.length > 0 && read.length === unchanged.length
      ? `nothing new in ${counted(read.length, "file")}`
      : counted(read.length, "file") + " read" +
        (unchanged.length > 0 ? ` (${count(unchanged.length)} as before)` : ""),
    ...brokenParts(report),
  ].join(", ");
  // Earlier imports may have brought some of it.
  const isAll = database.sources === read.length;
  return isAll && held
    ? `${held}, ${done}.`
    : `${capitalized(done)}.` + (held ? ` The database has ${held}.` : "");
}

function brokenParts({ sources, notRead }: ImportReport): string[] {
  const failed = lostFiles(sources, notRead);
  const damaged = sources.filter(({ outcome, error }) =>
    outcome !== "failed" && error !== undefined
  );
  const malformed = sources.reduce((sum, source) => sum + source.malformed, 0);
  const parts = [
    failed.length > 0 &&
    `${count(failed.length)} could not be read`,
    damaged.length > 0 &&
    `${counted(damaged.length, "damaged file")}`,
    malformed > 0 && counted(malformed, "broken line"),
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts : ["nothing broken"];
}

const lostFiles = (
  sources: readonly SourceReport[],
  notRead: readonly NotRead[],
): { path: string; reason?: string | undefined }[] => [
  ...sources.filter(({ outcome }) => outcome === "failed")
    .map(({ path, error }) => ({ path, reason: error })),
  ...notRead.filter(({ unreadable }) => unreadable),
];

/** What could not be read or related, a sentence each. */
export function problemsOf(report: ImportReport): string[] {
  const { sources, notRead, renamed = [], bindings } = report;
  const folder = commonFolder(sources);
  const short = (path: string) =>
    folder && path.startsWith(folder) ? path.slice(folder.length) : path;
  const named = (files: readonly { path: string }[]): string => {
    const more = files.length - maxNamed;
    return files.slice(0, maxNamed).map(({ path }) => short(path)).join(", ") +
      (more > 0 ? ` and ${count(more)} more` : "");
  };
  const lost = lostFiles(sources, notRead);
  const sourcesWith = <K extends keyof SourceReport>(name: K) =>
    sources.filter((source) => source[name]);
  return [
    ...first(lost, ({ path, reason }) =>
      `Could not be read: ${short(path)}` +
      (reason ? ` (${reason.replace(`cannot open ${path}: `, "")})` : "")),
    ...first(
      sources.filter(({ outcome, error }) => outcome !== "failed" && error),
      ({ path, error }) => `Damaged, read in part: ${short(path)} (${error})`,
    ),
    ...first(
      sourcesWith("malformed"),
      ({ path, malformed, malformedLines }) =>
        `${counted(malformed, "broken line")} in ${short(path)}: ` +
        linesOfFile(malformedLines, malformed),
    ),
    ...first(
      sourcesWith("changed"),
      ({ path }) =>
        `${short(path)} changed while it was read: import it again.`,
    ),
    ...sourcesWith("unfinished").length > 0
      ? [
        `Left out: the last line of ${
          named(sourcesWith("unfinished"))
        }, which has ` +
        "no newline",
      ]
      : [],
    ...unnamedKinds(sources),
    ...sourcesWith("ambiguousTimes").length > 0
      ? [
        `Times that occurred twice, when clocks went back: ` +
        named(sourcesWith("ambiguousTimes")),
      ]
      : [],
    ...first(renamed, ({ from, to }) => `The run of ${from} is now ${to}`),
    ...bindings.contradictions.length > 0 || bindings.contradicted > 0
      ? [
        `${counted(bindings.contradicted, "contradiction")} between logs: ` +
        "the details name both sides",
      ]
      : [],
    ...bindings.rules.filter(({ unbound }) => unbound > 0).map(unboundText),
  ];
}

/** How it was read, a sentence each. */
export function remarksOf(
  { sources, notRead, seconds }: ImportReport,
): string[] {
  const folder = commonFolder(sources);
  const clocks = new Set(sources.flatMap(({ clock }) => clock ?? []));
  return [
    ...clocks.size > 0
      ? [`Times without a zone are read as ${[...clocks].join("; ")}`]
      : [],
    ...notRead.some(({ unreadable }) => !unreadable)
      ? [otherFiles(notRead)]
      : [],
    ...sources.length > 0
      ? [`Read ${folder ? `from ${folder} ` : ""}in ${seconds.toFixed(2)} s`]
      : [],
  ];
}

/** Names the inner and the outer type of a rule such as "subspan: a > b on c". */
function unboundText({ rule, unbound }: { rule: string; unbound: number }) {
  const [, outer, inner] = /^subspan: (\S+) > (\S+) on /.exec(rule) ?? [];
  return inner === undefined
    ? `${counted(unbound, "span")} not bound by the rule ${rule}`
    : `No log has the ${outer} of ${counted(unbound, `${inner} span`)}`;
}

const maxNamed = 5;

/** A note for each of the first ones. */
function first<T>(all: readonly T[], note: (one: T) => string): string[] {
  const more = all.length - maxNamed;
  return [
    ...all.slice(0, maxNamed).map(note),
    ...more > 0 ? [`and ${count(more)} more like it, in the details`] : [],
  ];
}

function linesOfFile(lines: readonly number[], total: number): string {
  const shown = lines.slice(0, maxNamed).map(count).join(", ");
  return `line ${shown}${total > maxNamed ? ", …" : ""}`;
}

/** Files that no importer knows: scripts, notes. */
function otherFiles(notRead: readonly NotRead[]): string {
  const others = notRead.filter(({ unreadable }) => !unreadable);
  const kinds = [
    ...new Set(
      others.map(({ path, reason }) =>
        kindOf(path.split("/").at(-1)!) + (reason ? ` (${reason})` : "")
      ),
    ),
  ];
  const more = kinds.length - maxNamed;
  return `${counted(others.length, "other file")} not read: ` +
    kinds.slice(0, maxNamed).join(", ") +
    (more > 0 ? ` and ${count(more)} more` : "");
}

/** Names the kinds of log in which no line is an event with a name. */
function unnamedKinds(sources: readonly SourceReport[]): string[] {
  const kinds = Map.groupBy(sources, ({ importer }) => importer);
  const unnamed = Array.from(kinds).filter(([, alike]) =>
    alike.every(({ isUnnamed }) => isUnnamed)
  ).map(([importer]) => importer);
  return unnamed.length === 0 ? [] : [
    `No line of ${unnamed.join(", ")} is an event with a name: the program ` +
    "may be of a version whose messages dnpc does not know",
  ];
}

/** A path with N for numbers and for ids of 12 hex digits, as managers have. */
export const kindOf = (path: string): string =>
  path.replace(/\b[0-9a-f]{12}\b|\d+/g, "N");

/** The deepest directory that contains all files, with its slash. */
export function commonFolder(files: readonly { path: string }[]): string {
  const [first = [], ...others] = files.map(({ path }) => path.split("/"));
  const shared = first.slice(0, -1).findIndex((part, i) =>
    others.some((other) => part !== other.slice(0, -1)[i])
  );
  return first.slice(0, shared < 0 ? -1 : shared)
    .map((part) => `${part}/`).join("");
}
