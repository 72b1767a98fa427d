import {
  type Database,
  importRuninfo,
  openDatabase,
  parslRules,
  type Rule,
  spanKey,
} from "../../mod.ts";
import { inCheckout } from "../checkout.ts";
import { aboutSpanTypes } from "./span_types.ts";

// Between them they have all that importers make of Parsl's components.
const fixtures = ["tz", "wq", "htex-2026", "head-json", "obs-wf"]
  .concat("desc-wq", "taskvine", "multi-htex.tar.gz");

/** A type of span, by what the fixtures have of it. */
interface SpanType {
  type: string;
  /** The importers that tell of it, a JSON array. */
  importers: string;
  /** The types of named events, a JSON array in the order of import. */
  events: string;
}

/**
 * The page of span types: read from the runs that the tests read, so that it
 * says what imports make.
 */
export async function spanTypesPage(): Promise<string[]> {
  using db = await openDatabase();
  for (const name of fixtures) {
    await importRuninfo(db, inCheckout("tests", "fixtures", name));
  }
  const types = db.query<SpanType>(`
    SELECT type,
      (SELECT json_group_array(DISTINCT importer) FROM (
        SELECT importer FROM event JOIN source ON source.id = event.source_id
        WHERE event.span_id IN (SELECT id FROM span WHERE type = known.type)
        UNION SELECT importer FROM span JOIN source ON source.id = source_id
        WHERE type = known.type)) AS importers,
      (SELECT json_group_array(type) FROM (
        SELECT event.type FROM event JOIN span ON span.id = span_id
        WHERE span.type = known.type AND named
        GROUP BY event.type ORDER BY min(event.id))) AS events
    FROM (SELECT DISTINCT type FROM span) AS known`);
  const unknown = types.filter(({ type }) => !(type in aboutSpanTypes));
  if (unknown.length > 0) {
    throw new Error(
      `tools/reference/span_types.ts does not say what these are: ${
        unknown.map(({ type }) => type).join(", ")
      }`,
    );
  }
  const order = Object.keys(aboutSpanTypes);
  types.sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
  return [
    ...introduction,
    ...types.flatMap((found) => typeLines(db, found)),
    ...metricLines(db),
  ];
}

const introduction = [
  "# Span types",
  "",
  "What `importRuninfo` makes of a run: for each component that tells of " +
  "something, a type of span. It is read from the runs that the tests read; " +
  "`db.query(spanTypes())` says the same of a database of yours.",
  "",
  "Spans are identified by what their own log says. Other attributes are there " +
  "if a log says so, or if rules imply them from other logs: so a task in the " +
  "interchange gets its `task` and `try`, and nearly all get their `run`. " +
  "Values are text, the same for all components: `'5'`. Executors, blocks, " +
  "managers and workers are called what their logs call them.",
  "",
  "The events are those with a name. A line that has none is an event all the " +
  "same, `named` 0, its type the line's template. A line `METRIC …` of a log " +
  "makes a span of the type that it names.",
];

function typeLines(
  db: Database,
  { type, importers, events }: SpanType,
): string[] {
  const names = JSON.parse(events) as string[];
  const { identity, others } = attributesOf(db, type);
  const line = (about: string, words: readonly string[]) =>
    words.length > 0 ? [`- ${about}: ${words.map(code).join(", ")}`] : [];
  return [
    "",
    `## ${type}`,
    "",
    aboutSpanTypes[type]!,
    "",
    ...line("told in", JSON.parse(importers)),
    ...line("identified by", identity),
    ...line("other attributes", others),
    ...line("events", names),
    ...parslRules.flatMap((rule) => relationLine(type, rule)),
  ];
}

/** What numbers there are, and of which types of span. */
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
        (JSON.parse(types) as string[]).map(linkTo).join(", ")
      } |`
    ),
  ];
}

const code = (word: string) => `\`${word}\``;

function relationLine(type: string, rule: Rule): string[] {
  if ("facet" in rule && rule.facet.includes(type)) {
    const other = rule.facet.find((name) => name !== type)!;
    return [`- equals ${linkTo(other)} with the same ${list(rule.on)}`];
  }
  if ("subspan" in rule && rule.subspan[1] === type) {
    return [
      `- is in ${linkTo(rule.subspan[0])} with the same ${list(rule.on)}`,
    ];
  }
  return [];
}

function linkTo(type: string): string {
  return type in aboutSpanTypes
    ? `[${type}](#${type.toLowerCase().replace(/[^\w-]/g, "")})`
    : code(type);
}

const list = (words: readonly string[]) => words.map(code).join(", ");

/** Attributes as they come in spans, those first that make the key. */
function attributesOf(
  db: Database,
  type: string,
): { identity: string[]; others: string[] } {
  const spans = db.query<{ key: string; attributes: string }>(
    "SELECT key, attributes FROM span WHERE type = ? ORDER BY id",
    [type],
  ).map(({ key, attributes }) => ({
    key,
    values: JSON.parse(attributes) as Record<string, string>,
  }));
  // The key has them in the order of the attributes; some may have fewer.
  const identity = spans.map(({ key, values }) =>
    Object.keys(values).slice(0, key.split("/").length)
  ).reduce((most, names) => names.length > most.length ? names : most, []);
  for (const { key, values } of spans) {
    const made = spanKey(
      identity.filter((name) => name in values).map((name) => values[name]!),
    );
    if (made !== key) throw new Error(`${type} ${key} is not ${made}`);
  }
  const all = new Set(spans.flatMap(({ values }) => Object.keys(values)));
  const others = [...all].filter((name) => !identity.includes(name)).sort();
  return { identity, others };
}
