import { count } from "../../display/text/plain.js";
import {
  byId,
  countColumn,
  element,
  fill,
  formatTime,
  secondsColumn,
  spaced,
  tableElement,
} from "./elements.js";
import { entityLink, entityLinksOf } from "./identity.js";
import { hashOf } from "./state.js";

/** Fills the sections that need no rows. */
export function fillSections(head) {
  fillRuns(head);
  fillTypical(head.typical);
  fillCoverage(head);
  for (const part of byId("more").children) {
    part.hidden = !part.querySelector("table, img");
  }
}

/** An empty table is left out, and so is its heading. */
const fillTable = (id, columns, rows) =>
  fill(byId(id), rows.length ? [tableElement(columns, rows)] : []);

const firstColumn = (name) => [name, ({ first }) => formatTime(first), "short"];
const lengthColumn = secondsColumn(
  "seconds",
  ({ first, last }) => first === null ? null : last - first,
);

function fillRuns(
  { runs, places, morePlaces, longestTasks, unfinishedTasks, sources },
) {
  const numberOf = (kind, name = `${kind}s`) =>
    countColumn(name, ({ counts }) => counts[kind]);
  fillTable("run-table", [
    ["run", (run) => entityLink(run, "run")],
    ["name", ({ name }) => name],
    firstColumn("first event (UTC)"),
    lengthColumn,
    numberOf("task"),
    numberOf("try", "tries"),
    ...["executor", "block", "manager", "worker"].map((it) => numberOf(it)),
  ], runs);
  const ofEntities = [
    countColumn("tasks", ({ tasks }) => tasks),
    countColumn("events and lines", ({ events }) => events),
    firstColumn("first (UTC)"),
    lengthColumn,
  ];
  fillTable("places", [
    ["kind", ({ kind }) => kind, "short"],
    ["name", ({ identity, kind }) => entityLink(identity, kind)],
    ["belongs to", ({ identity, kind }) => entityLinksOf(identity, [kind])],
    ...ofEntities,
  ], places);
  if (morePlaces > 0) {
    byId("places").append(element("p", {}, `And ${count(morePlaces)} more.`));
  }
  fillTable("longest-tasks", [
    ["task", ({ identity }) => entityLink(identity, "task")],
    ["app", ({ app }) => app],
    ["run", ({ identity }) => entityLink(identity, "run")],
    ...ofEntities,
  ], longestTasks);
  if (unfinishedTasks > 0) {
    byId("longest-tasks").append(
      element(
        "p",
        {},
        `${count(unfinishedTasks)} more had not ended when the logs end.`,
      ),
    );
  }
  fillTable("files", [
    [
      "file",
      ({ path }) => element("a", { href: hashOf({ file: path }) }, path),
    ],
    ["kind", ({ importer }) => importer],
    ...["lines", "matched", "unmatched", "malformed"].map((name) =>
      countColumn(name, (source) => source[name])
    ),
  ], sources);
}

const stepColumn = [
  "step",
  ({ event_type: event }) => element("a", { href: hashOf({ event }) }, event),
];

function fillTypical(sequence) {
  if (!sequence?.steps.length) {
    fill(byId("typical-note"), ["There are no events with a name."]);
    return;
  }
  const { steps, spans, type } = sequence;
  fill(byId("typical-spans"), [`${count(spans)} spans of ${type}`]);
  fillTable("typical-steps", [
    stepColumn,
    ["nth", ({ nth }) => nth > 1 ? String(nth) : "", "number"],
    ["component", ({ component }) => component],
    countColumn("spans", ({ spans }) => spans),
    secondsColumn("since start", (step) => step.since_start_p50),
    secondsColumn("since previous", (step) => step.since_before_p50),
    secondsColumn("95%", (step) => step.since_before_p95),
    secondsColumn("maximum", (step) => step.since_before_maximum),
  ], steps);
}

function fillCoverage({ coverage, runs }) {
  if (coverage.length === 0) {
    fill(byId("coverage-note"), ["There are no tries."]);
    return;
  }
  const steps = Map.groupBy(
    coverage,
    ({ span_type, event_type }) => JSON.stringify([span_type, event_type]),
  );
  const percent = (share) =>
    `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`;
  const shareOf = ({ having, tries, launched_share: launched }) =>
    element("span", {
      title: `${count(having)} of ${count(tries)} tries` +
        (launched === null
          ? ""
          : `; ${percent(launched)} of the launched ones`),
    }, percent(having / tries));
  fillTable("coverage-steps", [
    ["step", ([step]) => stepColumn[1](step)],
    ["span", ([{ span_type }]) => span_type],
    ...runs.map(({ run, name }) => [
      name,
      (ofStep) => ofStep.filter((step) => step.run === run).map(shareOf),
      "number",
    ]),
  ], [...steps.values()]);
}

const maxSpans = 100;

/** The attributes and metrics of spans. */
export function spansOfEntity(rows, chosen) {
  const spans = [...chosen].sort((a, b) => a - b);
  const metrics = rows.metricsOf(chosen, maxSpans);
  const more = spans.length - maxSpans;
  const isCut = metrics.length === maxSpans;
  return [
    element("h3", {}, `${count(spans.length)} spans`),
    tableElement([
      ["span", (span) => rows.spanType(span)],
      ["belongs to", (span) => spaced(entityLinksOf(rows.identityOf(span)))],
      ["other attributes", (span) => factsOf(rows.spanRest(span))],
    ], spans.slice(0, maxSpans)),
    more > 0 ? element("p", {}, `And ${count(more)} more.`) : undefined,
    ...metrics.length === 0 ? [] : [
      element("h3", {}, isCut ? `Metrics: the first ${maxSpans}` : "Metrics"),
      tableElement([
        ["metric", ({ name }) => name],
        ["span", ({ span }) => rows.spanType(span)],
        [
          "belongs to",
          ({ span }) => spaced(entityLinksOf(rows.identityOf(span), ["run"])),
        ],
        ...["samples", "minimum", "mean", "maximum"].map((name) =>
          countColumn(name, (metric) => metric[name])
        ),
      ], metrics),
    ],
  ];
}

const factsOf = (json) =>
  Object.entries(JSON.parse(json)).map(([name, value]) =>
    `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`
  ).join("; ");
