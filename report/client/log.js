import { count } from "../../display/text/plain.js";
import {
  byId,
  element,
  fill,
  formatSeconds,
  formatTime,
  spaced,
} from "./elements.js";
import { entityLinksOf, identityIn } from "./identity.js";
import { chosenRows, searcher } from "./rows.js";
import { scroller } from "./scroller.js";
import { spansOfEntity } from "./sections.js";

const columnNames = {
  time: "time (UTC)",
  gap: "+ seconds",
  component: "component",
  message: "event or line",
  of: "belongs to",
  where: "file and line",
};

/** The events and lines that pass the filters, and what one of them says. */
export async function initLog(container, data, state) {
  const form = element("form", { id: "filters" });
  const shownCount = element("output", { id: "shown" }, "Unpacking…");
  form.append(shownCount);
  const content = element("div", { id: "window" });
  const height = element("div", { id: "height" }, content);
  const frame = element("div", { id: "scroller", tabIndex: 0 }, height);
  const names = element(
    "div",
    { className: "row names", role: "row" },
    Object.entries(columnNames).map(([className, name]) =>
      element("span", { className }, name)
    ),
  );
  const table = element("div", { id: "table", role: "table" }, names, frame);
  const opened = element("div", { id: "line" });
  const spans = element("div", { id: "spans" });
  container.append(form, table, opened, spans);

  const rows = await data.rows;
  const { head } = data;
  const search = searcher(rows);
  const isManyRuns = head.runs.length > 1;
  let shown = new Int32Array(0);
  let open = -1;
  let asked = 0;

  const list = scroller({
    frame,
    height,
    content,
    make: (place) => rowElement(shown[place], place),
  });

  function rowElement(row, place) {
    const span = rows.columns.span[row];
    const gap = place > 0
      ? rows.times[row] - rows.times[shown[place - 1]]
      : NaN;
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

  content.addEventListener("click", ({ target }) => {
    if (target.closest("a")) return;
    const row = target.closest(".row")?.row ?? -1;
    open = row === open ? -1 : row;
    list.draw();
    showLine();
  });

  function showLine() {
    const line = rows.line(open);
    fill(
      opened,
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

  /** Applies the filters of the state. */
  async function applyFilters(chosen) {
    const turn = ++asked;
    const identity = identityIn(chosen);
    for (const name of Object.keys(choices)) {
      setSelect(byId(name), chosen[name] ?? "");
    }
    let found = chosenRows(rows, identity, chosen);
    if (chosen.search) {
      shownCount.textContent = "Searching…";
      const hits = await search.find(chosen.search, () => turn === asked);
      if (!hits || turn !== asked) return;
      found = found.filter((row) => hits[row]);
    }
    shown = found;
    open = -1;
    showLine();
    list.show(shown.length);
    fill(spans, spansOfEntity(rows, identity));
    const isAll = shown.length === rows.length;
    shownCount.textContent = count(shown.length) +
      (isAll ? "" : ` of ${count(rows.length)}`) + " events and lines" +
      (head.leftOut > 0 ? `; ${count(head.leftOut)} are left out` : "");
  }

  const choices = choicesOf(rows, head);
  const labels = { component: "Component", event: "Event", file: "File" };
  for (const [name, values] of Object.entries(choices)) {
    const options = values.slice(0, maxOptions + 1).map(([value, text]) =>
      element("option", { value }, text.slice(0, 90))
    );
    const select = element("select", { id: name }, options);
    select.setAttribute("aria-label", labels[name]);
    select.addEventListener(
      "change",
      () => state.set({ [name]: select.value }),
    );
    form.insertBefore(select, shownCount);
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  // Builds the texts before something is typed.
  byId("search").addEventListener(
    "focus",
    () => search.find("\0", () => true),
    { once: true },
  );
  state.subscribe(applyFilters);
  await applyFilters(state.get());
}

// The end of a name identifies the component.
const shortComponent = (component) =>
  component.length > 20
    ? `…${component.split(".").slice(-2).join(".")}`
    : component;

// The list may be cut: adds the value if it is not there.
function setSelect(select, value) {
  select.value = value;
  if (select.value === value) return;
  select.append(element("option", { value }, value));
  select.value = value;
}

const maxOptions = 300;

/** [value, text] of the options of each filter. */
function choicesOf(rows, { sources }) {
  const typeCounts = new Uint32Array(rows.typeNames.length);
  for (const type of rows.columns.type) typeCounts[type]++;
  const events = rows.typeNames
    .map(([name, named], i) => [name, typeCounts[i], named])
    .sort(([, n, named], [, m, other]) => other - named || m - n)
    .map(([name, n]) => [name, `${name} (${count(n)})`]);
  return {
    event: [["", "All events"], ...events],
    component: [
      ["", "All components"],
      ...rows.components.map((name) => [name, name]),
    ],
    file: [
      ["", "All files"],
      ...sources.map(({ path }) => [path, path.split("/").slice(-3).join("/")]),
    ],
  };
}
