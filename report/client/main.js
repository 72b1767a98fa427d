import { count } from "../../display/text/plain.js";
import {
  byId,
  element,
  fill,
  formatSeconds,
  formatTime,
  pause,
  spaced,
} from "./elements.js";
import {
  addressOf,
  chosenIn,
  entityLinksOf,
  identityIn,
  labelRuns,
  shownName,
} from "./identity.js";
import { chosenRows, pageRows, searcher, unpackRows } from "./rows.js";
import { scroller } from "./scroller.js";
import { fillSections, spansOfEntity } from "./sections.js";

const head = JSON.parse(byId("head").textContent);
labelRuns(head.runs);
fillSections(head);

// Lets the browser draw the sections before the rows are unpacked.
await pause();
const rows = pageRows(await unpackRows(byId("rows").textContent), head.sources);
byId("rows").remove();
const search = searcher(rows);

const isManyRuns = head.runs.length > 1;
let chosen = {};
let shown = new Int32Array(0);
let open = -1;

const list = scroller({
  frame: byId("scroller"),
  height: byId("height"),
  content: byId("window"),
  make: (place) => rowElement(shown[place], place),
});

function rowElement(row, place) {
  const span = rows.columns.span[row];
  const gap = place > 0 ? rows.times[row] - rows.times[shown[place - 1]] : NaN;
  const { text, lines } = rows.said(row);
  const message = [
    element(rows.named(row) ? "b" : "span", {}, text),
    lines && element("i", {}, ` ${lines}`),
  ];
  const cells = {
    time: formatTime(rows.times[row]),
    gap: formatSeconds(gap, 6),
    component: shortComponent(rows.componentOf(span)),
    message,
    of: entityLinks(row, 3),
    where: `${rows.path(row).split("/").at(-1)}:${rows.line(row)}`,
  };
  return element(
    "div",
    { className: row === open ? "row open" : "row", role: "row", row },
    Object.entries(cells).map(([className, content]) =>
      element("span", { className, role: "cell" }, content)
    ),
  );
}

// The end of a name identifies the component.
const shortComponent = (component) =>
  component.length > 20
    ? `…${component.split(".").slice(-2).join(".")}`
    : component;

/** Links to the entities of a row. A line may be about many tasks. */
function entityLinks(row, max) {
  const spans = rows.spansOf(row);
  const links = spans.slice(0, max).flatMap((span) =>
    entityLinksOf(rows.identityOf(span), isManyRuns ? [] : ["run"])
  );
  const distinct = new Map(links.map((link) => [link.href, link])).values();
  const more = spans.length - max;
  return [...distinct, ...more > 0 ? [`+ ${more}`] : []];
}

byId("window").addEventListener("click", ({ target }) => {
  if (target.closest("a")) return;
  const row = target.closest(".row")?.row ?? -1;
  open = row === open ? -1 : row;
  list.draw();
  showDetails();
});

function showDetails() {
  const line = rows.line(open);
  fill(
    byId("details"),
    open < 0 ? [] : [
      element(
        "div",
        {},
        `${formatTime(rows.times[open])} UTC, `,
        rows.path(open),
        `, ${line < 0 ? "no line" : `line ${line}`}`,
      ),
      element("pre", {}, `${rows.message(open)}\n${rows.more(open)}`.trim()),
      spaced(entityLinks(open, 200)),
    ],
  );
}

const filterWords = { search: "text:", component: "component", source: "file" };

/** The filters, each with a link that removes it. */
const chips = () =>
  Object.entries(chosen).map(([name, value]) => {
    const others = without(name);
    const shown = name === "run" ? shownName(name, value) : value;
    return element(
      "span",
      { className: "chip" },
      `${filterWords[name] ?? name} ${shown} `,
      element("a", {
        href: Object.keys(others).length ? addressOf(others) : "#all=1",
        title: `Remove the filter ${name} ${value}`,
      }, "×"),
    );
  });

/** The filters without one, or with another value for it. */
function without(name, value) {
  const { [name]: _, ...others } = chosen;
  return value ? { ...others, [name]: value } : others;
}

let asked = 0;

/** Applies the filters of the address. */
async function applyFilters() {
  const turn = ++asked;
  chosen = chosenIn(location.hash);
  const identity = identityIn(chosen);
  for (const name of Object.keys(choices)) {
    setSelect(byId(name), chosen[name] ?? "");
  }
  if (document.activeElement !== byId("search")) {
    byId("search").value = chosen.search ?? "";
  }
  fill(byId("chosen"), chips());
  let found = chosenRows(rows, identity, chosen);
  if (chosen.search) {
    byId("shown").textContent = "Searching…";
    const hits = await search.find(chosen.search, () => turn === asked);
    if (!hits || turn !== asked) return;
    found = found.filter((row) => hits[row]);
  }
  shown = found;
  open = -1;
  showDetails();
  list.show(shown.length);
  fill(byId("spans"), spansOfEntity(rows, identity));
  const isAll = shown.length === rows.length;
  byId("shown").textContent = count(shown.length) +
    (isAll ? "" : ` of ${count(rows.length)}`) + " events and lines" +
    (head.leftOut > 0 ? `; ${count(head.leftOut)} are left out` : "");
  document.documentElement.dataset.shown = location.hash;
}

// The list may be cut: adds the value if it is not there.
function setSelect(select, value) {
  select.value = value;
  if (select.value === value) return;
  select.append(element("option", { value }, value));
  select.value = value;
}

const maxOptions = 300;
const typeCounts = new Uint32Array(rows.typeNames.length);
for (const type of rows.columns.type) typeCounts[type]++;

/** [value, text] of the options of each filter. */
const choices = {
  event: [
    ["", "All events"],
    ...rows.typeNames.map(([name, named], i) => [name, typeCounts[i], named])
      .sort(([, n, named], [, m, other]) => other - named || m - n)
      .map(([name, n]) => [name, `${name} (${count(n)})`]),
  ],
  component: [
    ["", "All components"],
    ...rows.components.map((name) => [name, name]),
  ],
  source: [
    ["", "All files"],
    ...head.sources.map((
      { path },
    ) => [path, path.split("/").slice(-3).join("/")]),
  ],
};
for (const [name, values] of Object.entries(choices)) {
  fill(
    byId(name),
    values.slice(0, maxOptions + 1).map(([value, text]) =>
      element("option", { value }, text.slice(0, 90))
    ),
  );
  byId(name).addEventListener("change", ({ target }) => {
    location.hash = addressOf(without(name, target.value));
  });
}

let typed;
byId("search").addEventListener("input", ({ target }) => {
  clearTimeout(typed);
  typed = setTimeout(() => {
    const address = addressOf(without("search", target.value));
    // Otherwise Back would undo single letters.
    history.replaceState(null, "", address);
    applyFilters();
  }, 200);
});
// Builds the texts before something is typed.
byId("search").addEventListener("focus", () => search.find("\0", () => true), {
  once: true,
});
byId("filters").addEventListener("submit", (event) => event.preventDefault());

async function showChosen() {
  await applyFilters();
  if (Object.keys(chosen).length > 0) byId("events").scrollIntoView();
}

addEventListener("hashchange", () => {
  const section = document.getElementById(location.hash.slice(1));
  if (section?.matches("section")) return;
  return showChosen();
});

await showChosen();
document.documentElement.dataset.ready = "yes";
