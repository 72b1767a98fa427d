import type { BindReport } from "../../sql/mod.ts";
import { showAs } from "../../display/notebook/jupyter.ts";
import {
  tableHtml,
  tableText,
  type TextTable,
} from "../../display/text/table.ts";
import { bindingTables } from "../../display/text/bindings.ts";
import { bytes, count as number, counted } from "../../display/text/format.ts";
import type { ImportReport, NotRead, SourceReport } from "./report.ts";

/** Sums up the sources in a report that shows itself. */
export function importReport(
  sources: SourceReport[],
  notRead: NotRead[],
  seconds: number,
  bindings: BindReport = noBindings,
): ImportReport {
  const sum = (name: "spans" | "events" | "metrics") =>
    sources.reduce((total, source) => total + source[name], 0);
  const report: ImportReport = {
    sources,
    notRead,
    spans: sum("spans"),
    events: sum("events"),
    metrics: sum("metrics"),
    bindings,
    seconds,
    toString: () =>
      tablesOf(report).map((table) => tableText(table)).join("\n\n"),
  };
  const shown = { value: report.toString, enumerable: false };
  Object.defineProperty(report, "toString", shown);
  Object.defineProperty(report, Symbol.for("Deno.customInspect"), shown);
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

type CountName = {
  [Name in keyof Required<SourceReport>]: Required<SourceReport>[Name] extends
    number ? Name : never;
}[keyof SourceReport];

// Other columns are left out if zero for every source.
const countColumns: readonly [CountName, string, "always"?][] = [
  ["lines", "lines", "always"],
  ["matched", "matched", "always"],
  ["unmatched", "unmatched"],
  ["malformed", "malformed"],
  ["continued", "continued"],
  ["copies", "copies"],
  ["ambiguousTimes", "ambiguous times"],
  ["spans", "spans", "always"],
  ["events", "events", "always"],
  ["metrics", "metrics"],
  ["records", "records"],
];

function tablesOf(report: ImportReport): TextTable[] {
  const tables = [
    sourcesTable(report),
    ...bindingTables(report.bindings, true),
  ];
  const unknown = unmatchedTable(report.sources);
  if (unknown) tables.push(unknown);
  if (report.notRead.length) tables.push(notReadTable(report.notRead));
  return tables;
}

function sourcesTable(
  { sources, seconds, bindings }: ImportReport,
): TextTable {
  const counts = countColumns.filter(([name, , always]) =>
    always || sources.some((source) => source[name] > 0)
  );
  const folder = commonFolder(sources.map(({ path }) => path));
  const shown = sources.length > maxSources ? byKind(sources) : sources;
  const more = shown.length - maxSources;
  const outcomes = shown.map(({ outcome, changed }) =>
    changed ? `${outcome}, and it changed` : outcome
  );
  const errors = sources.some(({ error }) => error);
  return {
    columns: [
      { name: "source", align: "left" },
      { name: "importer", align: "left" },
      { name: "outcome", align: "left", ...sameOf(outcomes) },
      ...counts.map(([, name]) => ({ name, align: "right" as const })),
      ...(errors
        ? [{ name: "error", align: "left" as const, isWhole: true }]
        : []),
    ],
    rows: shown.slice(0, maxSources).map((source, i) => [
      source.path.slice(folder.length),
      source.importer,
      outcomes[i]!,
      ...counts.map(([name]) => number(source[name])),
      ...(errors ? [source.error ?? ""] : []),
    ]),
    caption: sources.length
      ? `${counted(sources.length, "source")} of ${folder || "/"} ` +
        `in ${seconds.toFixed(2)} s` +
        (more > 0 ? `, ${counted(more, "kind")} more than shown` : "") +
        (bindings.made ? `, ${counted(bindings.made, "binding")} made` : "") +
        clocksOf(sources)
      : "No importer reads any of these files.",
  };
}

const maxSources = 40;

const sameOf = ([first, ...others]: readonly string[]) =>
  others.length && others.every((other) => other === first)
    ? { same: first }
    : {};

/** Combines sources whose paths differ only in numbers or a manager's id. */
function byKind(sources: readonly SourceReport[]): SourceReport[] {
  const kinds = new Map<string, SourceReport[]>();
  for (const source of sources) {
    const path = source.path.replace(/\b[0-9a-f]{12}\b|\d+/g, "N");
    const kind = [path, source.importer, source.outcome, source.error].join();
    const known = kinds.get(kind);
    if (known) known.push(source);
    else kinds.set(kind, [source]);
  }
  return [...kinds.values()].map((alike) => {
    const [first, ...others] = alike;
    if (others.length === 0) return first!;
    const sums = countColumns.map(([name]) => [
      name,
      alike.reduce((sum, source) => sum + source[name], 0),
    ]);
    const also = `${first!.path} and ${number(others.length)} more like it`;
    return { ...first!, ...Object.fromEntries(sums), path: also };
  });
}

function clocksOf(sources: readonly SourceReport[]): string {
  const clocks = new Set(sources.flatMap(({ clock }) => clock ?? []));
  return clocks.size ? `. Local times read as ${[...clocks].join("; ")}` : "";
}

const maxTemplates = 10;

function unmatchedTable(sources: SourceReport[]): TextTable | undefined {
  const templates = new Map<
    string,
    { count: number; example: string; place: string }
  >();
  for (const { path, unmatchedTemplates } of sources) {
    for (const { template, count, line, example } of unmatchedTemplates) {
      const known = templates.get(template);
      if (known) known.count += count;
      else {
        const place = `${path}:${line}`;
        templates.set(template, { count, example, place });
      }
    }
  }
  if (templates.size === 0) return undefined;
  const rows = [...templates].sort(([, a], [, b]) => b.count - a.count);
  const folder = commonFolder(sources.map(({ path }) => path));
  const more = rows.length - maxTemplates;
  return {
    columns: [
      { name: "unmatched", align: "left" },
      { name: "lines", align: "right" },
      { name: "example", align: "left" },
      { name: "line", align: "left" },
    ],
    rows: rows.slice(0, maxTemplates).map((
      [template, { count, example, place }],
    ) => [
      template,
      number(count),
      // Without a masked part, the template is the message.
      example === template ? "" : example,
      place.slice(folder.length),
    ]),
    caption: more > 0 ? `and ${counted(more, "more template")}` : undefined,
  };
}

const maxKinds = 20;

// "worker_0.log" and "worker_1.log" share a row.
function notReadTable(files: NotRead[]): TextTable {
  const kinds = new Map<string, NotRead[]>();
  for (const file of files) {
    const name = file.path.split("/").at(-1)!.replace(/\d+/g, "N");
    const kind = file.reason ? `${name} (${file.reason})` : name;
    kinds.set(kind, [...kinds.get(kind) ?? [], file]);
  }
  const rows = [...kinds].sort(([, a], [, b]) => bytesOf(b) - bytesOf(a));
  const more = rows.length - maxKinds;
  return {
    columns: [
      { name: "not read", align: "left" },
      { name: "files", align: "right" },
      { name: "size", align: "right" },
    ],
    rows: rows.slice(0, maxKinds).map(([name, files]) => [
      name,
      number(files.length),
      bytes(bytesOf(files)),
    ]),
    caption: `${counted(files.length, "file")} not read` +
      (more > 0 ? `, ${counted(more, "kind")} more than shown` : ""),
  };
}

const bytesOf = (files: NotRead[]) =>
  files.reduce((total, { bytes }) => total + bytes, 0);

/** The deepest directory that contains all paths, with its slash. */
function commonFolder(paths: string[]): string {
  const [first, ...others] = paths.map((path) => path.split("/").slice(0, -1));
  if (!first) return "";
  let length = first.length;
  for (const other of others) {
    const differs = first.findIndex((part, i) => part !== other[i]);
    if (differs >= 0) length = Math.min(length, differs);
  }
  return first.slice(0, length).map((part) => part + "/").join("");
}
