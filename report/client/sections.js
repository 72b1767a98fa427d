import { count } from "../../display/text/plain.js";
import {
  element,
  fill,
  formatSeconds,
  formatTime,
  tableElement,
} from "./elements.js";
import { addressOf, entityLink, entityLinksOf } from "./identity.js";

/** Fills the sections that need no rows. */
export function fillSections(head) {
  fill(document.getElementById("title"), [head.title]);
  fillRuns(document.getElementById("what-ran"), head);
  fillTypical(document.getElementById("typical"), head.typical);
  fillCoverage(document.getElementById("coverage"), head);
}

const lengthOf = ({ first, last }) =>
  first === null ? "" : formatSeconds(last - first);

function fillRuns(
  section,
  { runs, places, morePlaces, longestTasks, sources },
) {
  const counts = (kind) => ({ counts }) => count(counts[kind] ?? 0);
  section.append(tableElement([
    ["run", (run) => entityLink(run, "run")],
    ["name", ({ name }) => name],
    ["first event (UTC)", ({ first }) => formatTime(first), "short"],
    ["seconds", lengthOf, "number"],
    ["tasks", counts("task"), "number"],
    ["tries", counts("try"), "number"],
    ["executors", counts("executor"), "number"],
    ["blocks", counts("block"), "number"],
    ["managers", counts("manager"), "number"],
    ["workers", counts("worker"), "number"],
    [
      "last states of tasks",
      ({ states }) =>
        states.map(([state, n]) => `${state} ${count(n)}`).join(", "),
    ],
  ], runs));
  const entities = (names) => [
    ...names,
    ["tasks", ({ tasks }) => count(tasks), "number"],
    ["events and lines", ({ events }) => count(events), "number"],
    ["first (UTC)", ({ first }) => formatTime(first), "short"],
    ["seconds", lengthOf, "number"],
  ];
  if (places.length > 0) {
    section.append(
      element("h3", {}, "Executors, blocks, managers, workers"),
      tableElement(
        entities([
          ["kind", ({ kind }) => kind, "short"],
          ["name", ({ identity, kind }) => entityLink(identity, kind)],
          [
            "belongs to",
            ({ identity, kind }) => entityLinksOf(identity, [kind]),
          ],
        ]),
        places,
      ),
    );
    if (morePlaces > 0) section.append(more(morePlaces));
  }
  if (longestTasks.length > 0) {
    section.append(
      element("h3", {}, "Longest tasks"),
      tableElement(
        entities([
          ["task", ({ identity }) => entityLink(identity, "task")],
          ["app", ({ app }) => app],
          ["run", ({ identity }) => entityLink(identity, "run")],
        ]),
        longestTasks,
      ),
    );
  }
  const number = (name) => [
    name.replace("_", " "),
    (source) => count(source[name] ?? 0),
    "number",
  ];
  section.append(
    element("h3", {}, "Files"),
    tableElement([
      [
        "file",
        ({ path }) => element("a", { href: addressOf({ source: path }) }, path),
      ],
      ["kind", ({ importer }) => importer],
      ...["lines", "matched", "unmatched", "malformed"].map(number),
    ], sources),
  );
}

const more = (number) =>
  element("p", { className: "more" }, `And ${count(number)} more.`);

const eventLink = (event) =>
  element("a", { href: addressOf({ event }) }, event);

function fillTypical(section, sequence) {
  if (!sequence || sequence.steps.length === 0) {
    section.append(element("p", {}, "There are no events with a name."));
    return;
  }
  section.append(
    element(
      "p",
      {},
      `The steps of ${count(sequence.spans)} spans of ${sequence.type}, in ` +
        "their most frequent order. Times are in seconds: the median since " +
        "the first step; and the median, 95th percentile and maximum since " +
        "the previous step.",
    ),
    tableElement([
      ["step", ({ event_type }) => eventLink(event_type)],
      ["nth", ({ nth }) => nth > 1 ? String(nth) : "", "number"],
      ["component", ({ component }) => component],
      ["spans", ({ spans }) => count(spans), "number"],
      ...[
        ["since start", "since_start_p50"],
        ["since previous", "since_before_p50"],
        ["95 %", "since_before_p95"],
        ["maximum", "since_before_maximum"],
      ].map(([name, column]) => [
        name,
        (step) => formatSeconds(step[column]),
        "number",
      ]),
    ], sequence.steps),
  );
}

function fillCoverage(section, { coverage, runs }) {
  if (coverage.length === 0) {
    section.append(element("p", {}, "There are no tries."));
    return;
  }
  const steps = Map.groupBy(
    coverage,
    ({ span_type, event_type }) => JSON.stringify([span_type, event_type]),
  );
  const percent = (share) =>
    `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
  const ofRun = (run) => (row) => {
    const step = row.find((step) => step.run === run);
    if (!step) return "";
    const { having, tries, launched_share } = step;
    return element("span", {
      title: `${count(having)} of ${count(tries)} tries` +
        (launched_share === null
          ? ""
          : `; ${percent(launched_share)} of the launched ones`),
    }, percent(having / tries));
  };
  section.append(
    element(
      "p",
      {},
      "The share of the tries that have each step. If all steps of a " +
        "component are at 0 %, its log is missing, or its version does not " +
        "write them.",
    ),
    tableElement([
      ["step", ([{ event_type }]) => eventLink(event_type)],
      ["span", ([{ span_type }]) => span_type],
      ...runs.map(({ run, name }) => [name, ofRun(run), "number"]),
    ], [...steps.values()]),
  );
}
