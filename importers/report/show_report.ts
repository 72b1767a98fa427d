import type { BindReport } from "../../sql/mod.ts";
import {
  commonFolder,
  kindOf,
  problemsOf,
  remarksOf,
  sentenceOf,
} from "./report_text.ts";
import { showAs } from "../../display/notebook/jupyter.ts";
import {
  linesOf,
  tableHtml,
  tableText,
  type TextColumn,
  type TextTable,
} from "../../display/text/table.ts";
import { bindingTables } from "../../display/text/bindings.ts";
import { bytes, count as number, counted } from "../../display/text/format.ts";
import { escapeMarkup, visible } from "../../display/text/untrusted.ts";
import type {
  ImportReport,
  NotRead,
  RenamedDirectory,
  SourceReport,
} from "./report.ts";

/** The parts of a report that are not sums. */
type Parts =
  & Pick<ImportReport, "sources" | "notRead" | "database" | "seconds">
  & { renamed: RenamedDirectory[]; bindings: BindReport | undefined };

/** Sums up the sources in a report that shows itself. */
export function importReport(
  { sources, notRead, renamed, database, seconds, bindings = noBindings }:
    Parts,
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
    database,
    seconds,
    toString: (width = 120) =>
      [sentenceOf(report), ...problemsOf(report), ...remarksOf(report)]
        .flatMap((line) => linesOf(line, width)).join("\n"),
    details: (width) =>
      tablesOf(report).map((table) => tableText(table, { width }))
        .join("\n\n"),
  };
  const hidden = (value: unknown) => ({ value, enumerable: false });
  Object.defineProperties(report, {
    toString: hidden(report.toString),
    details: hidden(report.details),
    [Symbol.for("Deno.customInspect")]: hidden(() => report.toString()),
  });
  return showAs(report, () => ({
    "text/html": reportHtml(report),
    "text/plain": report.toString(),
  }));
}

function reportHtml(report: ImportReport): string {
  const problems = listHtml(problemsOf(report));
  const remarks = listHtml(remarksOf(report));
  return `<p>${escapeMarkup(visible(sentenceOf(report)))}</p>${problems}` +
    `<details><summary>what was read</summary>${remarks}` +
    tablesOf(report).map((table) => tableHtml(table)).join("\n") +
    "</details>";
}

function listHtml(notes: readonly string[]): string {
  const items = notes.map((note) => `<li>${escapeMarkup(visible(note))}</li>`);
  return items.length > 0 ? `<ul>${items.join("")}</ul>` : "";
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

function sourcesTable(report: ImportReport): TextTable {
  const { sources, seconds, bindings } = report;
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
        (bindings.made ? `, ${counted(bindings.made, "binding")} made` : "")
      : sentenceOf(report),
  };
}

const maxSources = 40;

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
