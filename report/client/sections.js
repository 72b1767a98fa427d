import {
  counted,
  element,
  filled,
  momentOf,
  secondsOf,
  tableOf,
} from "./elements.js";
import { addressOf, linksTo, linkTo } from "./identity.js";

/** Fills what can be read at once: what ran, the typical task, the coverage. */
export function fillSections(head) {
  filled(document.getElementById("title"), [head.title]);
  whatRan(document.getElementById("what-ran"), head);
  typical(document.getElementById("typical"), head.typical);
  coverage(document.getElementById("coverage"), head);
}

const lengthOf = ({ first, last }) =>
  first === null ? "" : secondsOf(last - first);

function whatRan(section, { runs, places, morePlaces, longestTasks, sources }) {
  const count = (kind) => ({ counts }) => counted(counts[kind] ?? 0);
  section.append(tableOf([
    ["run", (run) => linkTo(run, "run")],
    ["name", ({ name }) => name],
    ["first event (UTC)", ({ first }) => momentOf(first)],
    ["seconds", lengthOf, "number"],
    ["tasks", count("task"), "number"],
    ["tries", count("try"), "number"],
    ["executors", count("executor"), "number"],
    ["blocks", count("block"), "number"],
    ["managers", count("manager"), "number"],
    ["workers", count("worker"), "number"],
    [
      "tasks ended in",
      ({ states }) =>
        states.map(([state, n]) => `${state} ${counted(n)}`).join(", "),
    ],
  ], runs));
  const things = (names) => [
    ...names,
    ["tasks", ({ tasks }) => counted(tasks), "number"],
    ["events and lines", ({ events }) => counted(events), "number"],
    ["first (UTC)", ({ first }) => momentOf(first)],
    ["seconds", lengthOf, "number"],
  ];
  if (places.length > 0) {
    section.append(
      element("h3", {}, "Where it ran"),
      tableOf(
        things([
          ["kind", ({ kind }) => kind],
          ["which", ({ identity, kind }) => linkTo(identity, kind)],
          ["of", ({ identity, kind }) => linksTo(identity, [kind])],
        ]),
        places,
      ),
    );
    if (morePlaces > 0) section.append(more(morePlaces));
  }
  if (longestTasks.length > 0) {
    section.append(
      element("h3", {}, "The tasks that took longest"),
      tableOf(
        things([
          ["task", ({ identity }) => linkTo(identity, "task")],
          ["app", ({ app }) => app],
          ["run", ({ identity }) => linkTo(identity, "run")],
        ]),
        longestTasks,
      ),
    );
  }
  const number = (name) => [
    name.replace("_", " "),
    (source) => counted(source[name]),
    "number",
  ];
  section.append(
    element("h3", {}, "What it was read from"),
    tableOf([
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
  element("p", { className: "more" }, `And ${counted(number)} more.`);

const eventLink = (event) =>
  element("a", { href: addressOf({ event }) }, event);

function typical(section, sequence) {
  if (!sequence || sequence.steps.length === 0) {
    section.append(element("p", {}, "No events with a name."));
    return;
  }
  section.append(
    element(
      "p",
      {},
      `${counted(sequence.spans)} spans of ${sequence.type}, step by step, ` +
        "in the order in which most of them come there. Seconds: the median " +
        "since the first step; since the step before, the median, the 95th " +
        "percentile and the most.",
    ),
    tableOf([
      ["step", ({ event }) => eventLink(event)],
      ["nth", ({ nth }) => nth > 1 ? String(nth) : "", "number"],
      ["component", ({ component }) => component],
      ["spans", ({ spans }) => counted(spans), "number"],
      ["since start", ({ sinceStart }) => secondsOf(sinceStart), "number"],
      ["step, median", (step) => secondsOf(step.sinceBefore), "number"],
      ["95 %", (step) => secondsOf(step.sinceBefore95), "number"],
      ["most", (step) => secondsOf(step.sinceBeforeMost), "number"],
    ], sequence.steps),
  );
}

function coverage(section, { coverage, runs }) {
  if (coverage.length === 0) {
    section.append(element("p", {}, "No tries."));
    return;
  }
  const steps = Map.groupBy(
    coverage,
    ({ type, event }) => JSON.stringify([type, event]),
  );
  const percent = (share) =>
    `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
  const ofRun = (run) => (row) => {
    const step = row.find((step) => step.run === run);
    if (!step) return "";
    const { having, tries, launchedShare } = step;
    return element("span", {
      title: `${counted(having)} of ${counted(tries)} tries` +
        (launchedShare === null
          ? ""
          : `; ${percent(launchedShare)} of those that were launched`),
    }, percent(having / tries));
  };
  section.append(
    element(
      "p",
      {},
      "The share of the tries of which each step is told. Where all steps of a " +
        "component are at 0 %, its log is missing, or its version does not " +
        "write them.",
    ),
    tableOf([
      ["step", ([{ event }]) => eventLink(event)],
      ["span", ([{ type }]) => type],
      ...runs.map(({ run, name }) => [name, ofRun(run), "number"]),
    ], [...steps.values()]),
  );
}
