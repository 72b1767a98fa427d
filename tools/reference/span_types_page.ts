import {
  type Database,
  importRuninfo,
  openDatabase,
  parslRules,
  type Rule,
} from "../../mod.ts";
import type { SpanType } from "../../importers/formats/format.ts";
import { formats } from "../../importers/formats/list.ts";
import { inCheckout } from "../checkout.ts";

const spanTypes = formats.flatMap((format) => format.spanTypes);

// Together they have spans of nearly all types.
const fixtures = [
  "tz",
  "wq",
  "wq-resources.tar.gz",
  "htex-2026",
  "head-json",
  "obs-wf",
  "desc-wq",
  "master_log",
  "taskvine",
  "multi-htex.tar.gz",
  "otlp",
  "chrome",
  "globus_compute",
  "academy",
];

/**
 * The page of span types: their definitions in the formats, and the results of
 * importing the tests' runs.
 */
export async function spanTypesPage(): Promise<string[]> {
  using db = await openDatabase();
  for (const name of fixtures) {
    await importRuninfo(db, inCheckout("tests", "fixtures", name));
  }
  return [
    ...introduction,
    ...spanTypes.flatMap((type) => typeLines(db, type)),
    ...metricLines(db),
  ];
}

const introduction = [
  "# Span types",
  "",
  "The types of [span](../glossary.md) that `importRuninfo` creates, by the " +
  "log that describes them. Importers, events and attributes are those of the runs that the tests " +
  "import; `db.query(spanTypes())` lists those of your database, and the tables " +
  "`span_kind` and `event_kind` hold this page's facts.",
  "",
  "The attributes that identify a span come from its own log. Others are there " +
  "if a log gives them, or if rules imply them from other logs: a task in the " +
  "interchange gets its `task` and `try` that way, and nearly all spans get " +
  "their `run`. Values are text, the same for all components: `'5'`. Labels of " +
  "executors and names of blocks, managers and workers are those in the logs.",
  "",
  "The events listed are named ones. Any other line about a span is an event " +
  "too, with `named` 0 and the line's template as its type. Of the lines that " +
  "no rule knows, warnings and errors are events of the process that wrote the " +
  "log; the option `unknown` of importers chooses others. A line `METRIC …` " +
  "of a log creates a span of the type that it names.",
];

function typeLines(
  db: Database,
  { type, doc, identity, states = [], events = [] }: SpanType,
): string[] {
  const values = (query: string) =>
    db.query<{ value: string }>(query, { type }).map(({ value }) => value);
  const importers = values(
    `SELECT DISTINCT importer AS value FROM source JOIN (
       SELECT event.source_id FROM event JOIN span ON span.id = span_id
       WHERE span.type = :type
       UNION SELECT source_id FROM span WHERE type = :type) ON source_id = source.id
     ORDER BY importer`,
  );
  const attributes = values(
    `SELECT DISTINCT attribute.key AS value
     FROM span, json_each(span.attributes) AS attribute
     WHERE span.type = :type ORDER BY value`,
  );
  const happened = values(
    `SELECT event.type AS value FROM event JOIN span ON span.id = span_id
     WHERE span.type = :type AND named
     GROUP BY event.type ORDER BY min(event.id)`,
  );
  const known = [...states, ...events].map(({ event }) => event);
  const line = (label: string, words: readonly string[]) =>
    words.length > 0 ? [`- ${label}: ${words.map(code).join(", ")}`] : [];
  return [
    "",
    `## ${type}`,
    "",
    doc,
    "",
    ...line("importers", importers),
    ...line("lines that no rule knows", unknownOf(type)),
    ...line("identified by", identity),
    ...line(
      "other attributes",
      attributes.filter((name) => !identity.includes(name)),
    ),
    ...line("events", [...new Set([...known, ...happened])]),
    ...parslRules.flatMap((rule) => relationLine(type, rule)),
  ];
}

/** The metrics, and the types of span they are about. */
function metricLines(db: Database): string[] {
  const rows = db.query<{ metric: string; names: string; types: string }>(`
    SELECT metric, group_concat(DISTINCT '\`' || name || '\`') AS names,
      json_group_array(DISTINCT type) AS types
    FROM (SELECT DISTINCT metric, name, type
      FROM metric JOIN span ON span.id = span_id ORDER BY metric, name, type)
    GROUP BY metric ORDER BY metric`);
  return [
    "",
    "## Metrics",
    "",
    "Numbers that components report, in the table " +
    "[`metric`](schema.md#metric).",
    "",
    "| metric | names | of |",
    "| --- | --- | --- |",
    ...rows.map(({ metric, names, types }) =>
      `| \`${metric}\` | ${names.replaceAll(",", ", ")} | ${
        (JSON.parse(types) as string[]).map(typeLink).join(", ")
      } |`
    ),
  ];
}

/** The logs whose unknown lines are events of a type of span. */
const unknownOf = (type: string): string[] =>
  formats.flatMap(({ files }) => files)
    .filter((file) => "process" in file && file.process === type)
    .map(({ importer }) => importer);

const code = (word: string) => `\`${word}\``;

function relationLine(type: string, rule: Rule): string[] {
  if ("facet" in rule && rule.facet.includes(type)) {
    const other = rule.facet.find((name) => name !== type)!;
    return [`- equals ${typeLink(other)} with the same ${codeList(rule.on)}`];
  }
  if ("subspan" in rule && rule.subspan[1] === type) {
    const same = rule.on.filter((name) => typeof name === "string");
    const pairs = rule.on.filter((name) => typeof name !== "string")
      .map(([outer, inner]) => `whose ${code(outer)} is its ${code(inner)}`);
    const conditions = [
      ...same.length > 0 ? [`with the same ${codeList(same)}`] : [],
      ...pairs,
    ];
    return [`- is in ${typeLink(rule.subspan[0])} ${conditions.join(", ")}`];
  }
  return [];
}

function typeLink(type: string): string {
  return spanTypes.some((known) => known.type === type)
    ? `[${type}](#${type.toLowerCase().replace(/[^\w-]/g, "")})`
    : code(type);
}

const codeList = (words: readonly string[]) => words.map(code).join(", ");
