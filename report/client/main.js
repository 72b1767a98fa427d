import { decode } from "./decode.js";
import { counted, element, momentOf, pause, secondsOf } from "./elements.js";
import { addressOf, chosenIn, identityIn, linksTo } from "./identity.js";
import { chosenRows, rowsOf } from "./rows.js";
import { scroller } from "./scroller.js";
import { searcher } from "./search.js";
import { fillSections } from "./sections.js";
import { chips, componentsOf } from "./things.js";

const byId = (id) => document.getElementById(id);
const head = JSON.parse(byId("head").textContent);
fillSections(head);

// What can be read at once is drawn before events are unpacked.
await pause();
const rows = rowsOf(await decode(byId("rows").textContent), head.sources);
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
  const said = rows.said(row);
  const path = rows.path(row);
  const cell = (className, ...content) =>
    element("span", { className, role: "cell" }, ...content);
  const made = element(
    "div",
    { className: row === open ? "row open" : "row", role: "row" },
    cell("time", momentOf(rows.times[row])),
    cell("gap", secondsOf(gap, 6)),
    cell("component", shortComponent(rows.componentOf(span))),
    cell(
      "message",
      element(rows.named(row) ? "b" : "span", {}, rows.message(row)),
      said && element("i", {}, ` ${said}`),
    ),
    cell("of", ...thingsIn(row, 3)),
    cell("where", `${path.split("/").at(-1)}:${rows.line(row)}`),
  );
  made.dataset.row = row;
  return made;
}

// Its end says what the component is.
const shortComponent = (component) =>
  component.length > 20
    ? `…${component.split(".").slice(-2).join(".")}`
    : component;

/** Links to what a row is about. A line may speak of many tasks. */
function thingsIn(row, most) {
  const spans = rows.spansOf(row);
  const seen = new Set();
  const links = spans.slice(0, most).flatMap((span) =>
    linksTo(rows.identityOf(span), isManyRuns ? [] : ["run"])
  ).filter(({ href }) => !seen.has(href) && seen.add(href));
  return spans.length > most ? [...links, `+ ${spans.length - most}`] : links;
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
      `${momentOf(rows.times[open])} UTC, `,
      rows.path(open),
      `, ${rows.line(open) < 0 ? "no line" : `line ${rows.line(open)}`}`,
    ),
    element("pre", {}, `${rows.message(open)}\n${rows.said(open)}`.trim()),
    ...thingsIn(open, 200).flatMap((link) => [link, " "]),
  );
}

const filterWords = { search: "text:", component: "told by", source: "file" };
let asked = 0;

/** Shows what the address says is chosen. */
async function show() {
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
  byId("components").replaceChildren(...componentsOf(rows, identity));
  byId("shown").textContent = shown.length === rows.length
    ? `${counted(shown.length)} events and lines`
    : `${counted(shown.length)} of ${counted(rows.length)} events and lines`;
  if (head.leftOut > 0) {
    byId("shown").textContent += `; ${counted(head.leftOut)} are left out`;
  }
  document.documentElement.dataset.shown = location.hash;
}

// The address may name what is not in the list, for the list is cut.
function setSelect(select, value) {
  if (![...select.options].some((option) => option.value === value)) {
    select.append(element("option", { value }, value));
  }
  select.value = value;
}

const mostOptions = 300;

function fillSelect(name, nothing, values) {
  const options = values.slice(0, mostOptions).map(([value, text]) =>
    element("option", { value }, text.slice(0, 90))
  );
  byId(name).append(element("option", { value: "" }, nothing), ...options);
  byId(name).addEventListener("change", () => {
    const { [name]: _, ...others } = chosen;
    const { value } = byId(name);
    location.hash = addressOf(value ? { ...others, [name]: value } : others);
  });
}

const counts = new Map();
for (let row = 0; row < rows.length; row++) {
  const type = rows.columns.type[row];
  counts.set(type, (counts.get(type) ?? 0) + 1);
}
fillSelect(
  "event",
  "Whatever happened",
  [...counts].sort(([a, n], [b, m]) =>
    rows.typeNames[b][1] - rows.typeNames[a][1] || m - n
  ).map(([type, n]) => {
    const [name] = rows.typeNames[type];
    return [name, `${name} (${counted(n)})`];
  }),
);
fillSelect(
  "component",
  "Whoever tells",
  rows.components.map((name) => [name, name]),
);
fillSelect(
  "source",
  "Every file",
  head.sources.map(({ path }) => [path, path.split("/").slice(-3).join("/")]),
);

let typed;
byId("search").addEventListener("input", () => {
  clearTimeout(typed);
  typed = setTimeout(() => {
    const { search: _, ...others } = chosen;
    const text = byId("search").value;
    // Each letter would else be a step back.
    history.replaceState(
      null,
      "",
      addressOf(text ? { ...others, search: text } : others),
    );
    show();
  }, 200);
});
// By the time that something is typed, texts are made.
byId("search").addEventListener("focus", () => search.find("\0", () => true), {
  once: true,
});
byId("filters").addEventListener("submit", (event) => event.preventDefault());

addEventListener("hashchange", async () => {
  if (sections.includes(location.hash.slice(1))) return;
  await show();
  if (Object.keys(chosen).length > 0) byId("events").scrollIntoView();
});

await show();
if (Object.keys(chosen).length > 0) byId("events").scrollIntoView();
document.documentElement.dataset.ready = "yes";
