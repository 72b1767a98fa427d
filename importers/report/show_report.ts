import type { BindReport } from "../../sql/mod.ts";
import { showAs } from "../../display/notebook/jupyter.ts";
import {
  tableHtml,
  tableText,
  type TextColumn,
  type TextTable,
} from "../../display/text/table.ts";
import { bindingTables } from "../../display/text/bindings.ts";
import { bytes, count as number, counted } from "../../display/text/format.ts";
import type {
  ImportReport,
  NotRead,
  RenamedDirectory,
  SourceReport,
} from "./report.ts";

/** Sums up the sources in a report that shows itself. */
export function importReport(
  sources: SourceReport[],
  notRead: NotRead[],
  renamed: RenamedDirectory[],
  seconds: number,
  bindings: BindReport = noBindings,
): ImportReport {
  const sum = (name: "spans" | "events" | "metrics") =>
    sources.reduce((total, source) => total + source[name], 0);
  const report: ImportReport = {
    sources,
    notRead,
    ...renamed.length > 0 && { renamed },
    spans: sum("spans"),
    events: sum("events"),
    metrics: sum("metrics"),
    bindings,
    seconds,
    toString: (width) =>
      tablesOf(report).map((table) => tableText(table, { width }))
        .join("\n\n"),
  };
  const hidden = (value: unknown) => ({ value, enumerable: false });
  Object.defineProperty(report, "toString", hidden(report.toString));
  Object.defineProperty(
    report,
    Symbol.for("Deno.customInspect"),
    hidden(() => report.toString()),
  );
  return showAs(report, () => ({
    "text/html": tablesOf(report).map((table) => tableHtml(table)).join("\n"),
    "text/plain": report.toString(),
  }));
}

const noBindings: BindReport = {
  rules: [],
  made: 0,
  unbound: 0,
  contradicted: 0,
  contradictions: [],
};

// Columns without "always" are left out if zero for every source.
const countColumns = [
  ["lines", "lines", "always"],
  ["matched", "matched", "always"],
  ["unmatched", "unmatched"],
  ["malformed", "malformed"],
  ["continued", "continued"],
  ["cut", "of these cut"],
  ["copies", "copies"],
  ["ambiguousTimes", "ambiguous times"],
  ["spans", "spans", "always"],
  ["events", "events", "always"],
  ["metrics", "metrics"],
  ["records", "records"],
] as const;

const left = (name: string): TextColumn => ({ name, align: "left" });
const right = (name: string): TextColumn => ({ name, align: "right" });

function tablesOf(report: ImportReport): TextTable[] {
  const { sources, notRead, renamed = [], bindings } = report;
  return [
    sourcesTable(report),
    ...renamed.length ? [renamedTable(renamed)] : [],
    ...bindingTables(bindings, true),
    ...unmatchedTables(sources),
    ...notRead.length ? [notReadTable(notRead)] : [],
  ];
}

function sourcesTable(
  { sources, seconds, bindings }: ImportReport,
): TextTable {
  const counts = countColumns.filter(([name, , always]) =>
    always || sources.some((source) => source[name] > 0)
  );
  const folder = commonFolder(sources);
  const shown = sources.length > maxSources ? byKind(sources) : sources;
  const more = shown.length - maxSources;
  const outcomes = shown.map(({ outcome, changed }) =>
    changed ? `${outcome}, and it changed` : outcome
  );
  const isSame = outcomes.length > 1 && new Set(outcomes).size === 1;
  const errors = sources.some(({ error }) => error);
  const clocks = new Set(sources.flatMap(({ clock }) => clock ?? []));
  return {
    columns: [
      left("source"),
      left("importer"),
      { ...left("outcome"), ...isSame ? { same: outcomes[0]! } : {} },
      ...counts.map(([, name]) => right(name)),
      ...errors ? [{ ...left("error"), isWhole: true }] : [],
    ],
    rows: shown.slice(0, maxSources).map((source, i) => [
      source.path.slice(folder.length),
      source.importer,
      outcomes[i]!,
      ...counts.map(([name]) => number(source[name])),
      ...errors ? [source.error ?? ""] : [],
    ]),
    caption: sources.length
      ? counted(sources.length, "source") + (folder && ` of ${folder}`) +
        ` in ${seconds.toFixed(2)} s` +
        (more > 0 ? `, ${counted(more, "kind")} more than shown` : "") +
        (bindings.made ? `, ${counted(bindings.made, "binding")} made` : "") +
        (clocks.size ? `. Local times read as ${[...clocks].join("; ")}` : "") +
        unfinishedText(sources, folder) + unnamedText(sources)
      : "No importer reads any of these files.",
  };
}

/** Names sources whose last line was left out. */
function unfinishedText(
  sources: readonly SourceReport[],
  folder: string,
): string {
  const [first, ...others] = sources.filter(({ unfinished }) => unfinished);
  if (!first) return "";
  const more = others.length > 0 ? ` and of ${number(others.length)} more` : "";
  return `. Left out: the last line of ${first.path.slice(folder.length)}` +
    `${more}, which has no newline`;
}

/** Names the kinds of log in which no line is an event with a name. */
function unnamedText(sources: readonly SourceReport[]): string {
  const kinds = Map.groupBy(sources, ({ importer }) => importer);
  const unnamed = Array.from(kinds).filter(([, alike]) =>
    alike.every(({ isUnnamed }) => isUnnamed)
  ).map(([importer]) => importer);
  return unnamed.length === 0
    ? ""
    : `. No line of ${unnamed.join(", ")} is an event with a name: the ` +
      "program may be of a version whose messages dnpc does not know";
}

const maxSources = 40;

/** A path with N for numbers and for ids of 12 hex digits, as managers have. */
const kindOf = (path: string): string =>
  path.replace(/\b[0-9a-f]{12}\b|\d+/g, "N");

/** Combines sources whose paths differ only in numbers or a manager's id. */
function byKind(sources: readonly SourceReport[]): SourceReport[] {
  const kinds = Map.groupBy(sources, ({ path, importer, outcome, error }) => {
    return [kindOf(path), importer, outcome, error].join();
  });
  return Array.from(kinds.values(), ([first, ...others]) => {
    if (others.length === 0) return first!;
    const sums = countColumns.map(([name]) => [
      name,
      others.reduce((sum, source) => sum + source[name], first![name]),
    ]);
    const path = `${first!.path} and ${number(others.length)} more like it`;
    return { ...first!, ...Object.fromEntries(sums), path };
  });
}

const maxTemplates = 10;

function unmatchedTables(sources: readonly SourceReport[]): TextTable[] {
  const templates = Map.groupBy(
    sources.flatMap(({ path, unmatchedTemplates }) =>
      unmatchedTemplates.map((template) => ({ ...template, path }))
    ),
    ({ template }) => template,
  );
  if (templates.size === 0) return [];
  const folder = commonFolder(sources);
  const more = templates.size - maxTemplates;
  const rows = Array.from(templates.values(), (alike) => ({
    ...alike[0]!,
    count: alike.reduce((sum, { count }) => sum + count, 0),
  })).sort((a, b) => b.count - a.count);
  return [{
    columns: [left("unmatched"), right("lines"), left("example"), left("line")],
    rows: rows.slice(0, maxTemplates).map((
      { template, count, example, path, line },
    ) => [
      template,
      number(count),
      // Without a masked part, the template is the message.
      example === template ? "" : example,
      `${path}:${line}`.slice(folder.length),
    ]),
    caption: more > 0 ? `and ${counted(more, "more template")}` : undefined,
  }];
}

const maxKinds = 20;

const renamedTable = (renamed: readonly RenamedDirectory[]): TextTable => ({
  columns: [left("run directory"), left("now")],
  rows: renamed.map(({ from, to }) => [from, to]),
  caption: `${counted(renamed.length, "run")} with another name than before`,
});

// "worker_0.log" and "worker_1.log" share a row.
function notReadTable(files: readonly NotRead[]): TextTable {
  const kinds = Map.groupBy(files, ({ path, reason }) => {
    const name = kindOf(path.split("/").at(-1)!);
    return reason ? `${name} (${reason})` : name;
  });
  const rows = Array.from(kinds, ([name, files]) => ({
    name,
    files: files.length,
    size: files.reduce((total, { bytes }) => total + bytes, 0),
  })).sort((a, b) => b.size - a.size);
  const more = rows.length - maxKinds;
  return {
    columns: [left("not read"), right("files"), right("size")],
    rows: rows.slice(0, maxKinds)
      .map(({ name, files, size }) => [name, number(files), bytes(size)]),
    caption: `${counted(files.length, "file")} not read` +
      (more > 0 ? `, ${counted(more, "kind")} more than shown` : ""),
  };
}

/** The deepest directory that contains all files, with its slash. */
function commonFolder(files: readonly { path: string }[]): string {
  const [first = [], ...others] = files.map(({ path }) => path.split("/"));
  const shared = first.slice(0, -1).findIndex((part, i) =>
    others.some((other) => part !== other.slice(0, -1)[i])
  );
  return first.slice(0, shared < 0 ? -1 : shared)
    .map((part) => `${part}/`).join("");
}
