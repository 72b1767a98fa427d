import { count } from "../../display/text/plain.js";
import { element, formatSeconds, formatTime, pause } from "./elements.js";
import { addressOf, chosenIn, entityLinksOf, identityIn } from "./identity.js";
import { chosenRows, pageRows, unpackRows } from "./rows.js";
import { scroller } from "./scroller.js";
import { searcher } from "./search.js";
import { fillSections } from "./sections.js";
import { chips, spansOfEntity } from "./entities.js";

const byId = (id) => document.getElementById(id);
const head = JSON.parse(byId("head").textContent);
fillSections(head);

// Lets the browser draw the sections before the rows are unpacked.
await pause();
const rows = pageRows(await unpackRows(byId("rows").textContent), head.sources);
byId("rows").remove();
const search = searcher(rows);

const sections = ["what-ran", "charts", "typical", "coverage", "events"];
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
  const more = rows.more(row);
  const path = rows.path(row);
  const cell = (className, ...content) =>
    element("span", { className, role: "cell" }, ...content);
  const made = element(
    "div",
    { className: row === open ? "row open" : "row", role: "row" },
    cell("time", formatTime(rows.times[row])),
    cell("gap", formatSeconds(gap, 6)),
    cell("component", shortComponent(rows.componentOf(span))),
    cell(
      "message",
      element(rows.named(row) ? "b" : "span", {}, rows.message(row)),
      more && element("i", {}, ` ${more}`),
    ),
    cell("of", ...entityLinks(row, 3)),
    cell("where", `${path.split("/").at(-1)}:${rows.line(row)}`),
  );
  made.dataset.row = row;
  return made;
}

// The end of a name identifies the component.
const shortComponent = (component) =>
  component.length > 20
    ? `…${component.split(".").slice(-2).join(".")}`
    : component;

/** Links to the entities of a row. A line may be about many tasks. */
function entityLinks(row, max) {
  const spans = rows.spansOf(row);
  const seen = new Set();
  const links = spans.slice(0, max).flatMap((span) =>
    entityLinksOf(rows.identityOf(span), isManyRuns ? [] : ["run"])
  ).filter(({ href }) => !seen.has(href) && seen.add(href));
  return spans.length > max ? [...links, `+ ${spans.length - max}`] : links;
}

byId("window").addEventListener("click", ({ target }) => {
  if (target.closest("a")) return;
  const row = Number(target.closest(".row")?.dataset.row ?? -1);
  open = row === open ? -1 : row;
  list.draw();
  showDetails();
});

function showDetails() {
  if (open < 0) return byId("details").replaceChildren();
  byId("details").replaceChildren(
    element(
      "div",
      {},
      `${formatTime(rows.times[open])} UTC, `,
      rows.path(open),
      `, ${rows.line(open) < 0 ? "no line" : `line ${rows.line(open)}`}`,
    ),
    element("pre", {}, `${rows.message(open)}\n${rows.more(open)}`.trim()),
    ...entityLinks(open, 200).flatMap((link) => [link, " "]),
  );
}

const filterWords = { search: "text:", component: "component", source: "file" };
let asked = 0;

/** Applies the filters of the address. */
async function applyFilters() {
  const turn = ++asked;
  chosen = chosenIn(location.hash);
  const identity = identityIn(chosen);
  for (const name of ["component", "event", "source"]) {
    setSelect(byId(name), chosen[name] ?? "");
  }
  if (document.activeElement !== byId("search")) {
    byId("search").value = chosen.search ?? "";
  }
  byId("chosen").replaceChildren(...chips(chosen, filterWords));
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
  byId("spans").replaceChildren(...spansOfEntity(rows, identity));
  byId("shown").textContent = shown.length === rows.length
    ? `${count(shown.length)} events and lines`
    : `${count(shown.length)} of ${count(rows.length)} events and lines`;
  if (head.leftOut > 0) {
    byId("shown").textContent += `; ${count(head.leftOut)} are left out`;
  }
  document.documentElement.dataset.shown = location.hash;
}

// The list may be cut: adds the value if it is not there.
function setSelect(select, value) {
  if (![...select.options].some((option) => option.value === value)) {
    select.append(element("option", { value }, value));
  }
  select.value = value;
}

const maxOptions = 300;

function fillSelect(name, nothing, values) {
  const options = values.slice(0, maxOptions).map(([value, text]) =>
    element("option", { value }, text.slice(0, 90))
  );
  byId(name).append(element("option", { value: "" }, nothing), ...options);
  byId(name).addEventListener("change", () => {
    const { [name]: _, ...others } = chosen;
    const { value } = byId(name);
    location.hash = addressOf(value ? { ...others, [name]: value } : others);
  });
}

const typeCounts = new Map();
for (let row = 0; row < rows.length; row++) {
  const type = rows.columns.type[row];
  typeCounts.set(type, (typeCounts.get(type) ?? 0) + 1);
}
fillSelect(
  "event",
  "All events",
  [...typeCounts].sort(([a, n], [b, m]) =>
    rows.typeNames[b][1] - rows.typeNames[a][1] || m - n
  ).map(([type, n]) => {
    const [name] = rows.typeNames[type];
    return [name, `${name} (${count(n)})`];
  }),
);
fillSelect(
  "component",
  "All components",
  rows.components.map((name) => [name, name]),
);
fillSelect(
  "source",
  "All files",
  head.sources.map(({ path }) => [path, path.split("/").slice(-3).join("/")]),
);

let typed;
byId("search").addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(() => {
    const { search: _, ...others } = chosen;
    const text = byId("search").value;
    // Otherwise Back would undo single letters.
    history.replaceState(
      null,
      "",
      addressOf(text ? { ...others, search: text } : others),
    );
    applyFilters();
  }, 200);
});
// Builds the texts before something is typed.
byId("search").addEventListener("focus", () => search.find("\0", () => true), {
  once: true,
});
byId("filters").addEventListener("submit", (event) => event.preventDefault());

addEventListener("hashchange", async () => {
  if (sections.includes(location.hash.slice(1))) return;
  await applyFilters();
  if (Object.keys(chosen).length > 0) byId("events").scrollIntoView();
});

await applyFilters();
if (Object.keys(chosen).length > 0) byId("events").scrollIntoView();
document.documentElement.dataset.ready = "yes";
