import { count, counted } from "../../display/text/plain.js";
import { authorOf } from "../../display/text/story.js";
import { attemptsOfRows, chosenRows } from "./chosen.js";
import { element, fill, formatSeconds, formatTime } from "./elements.js";
import { heldLines, heldText } from "./held_lines.js";
import { entityLinksOf } from "./identity.js";
import { choicesOf } from "./log_choices.js";
import { scroller } from "./scroller.js";
import { searcher } from "./search.js";

const columnNames = {
  time: "time (UTC)",
  gap: "+ seconds",
  level: "level",
  who: "who",
  message: "event or line",
  of: "about",
  where: "file and line",
};

/** The events and lines that pass the filters, and what one of them says. */
export async function initLog(container, data, state) {
  const form = element("form", { id: "filters" });
  const shownCount = element("output", { id: "shown" }, "Unpacking…");
  const held = element("p", { id: "held" });
  const content = element("div", { id: "window" });
  const height = element("div", { id: "height" }, content);
  const frame = element("div", { id: "scroller", tabIndex: 0 }, height);
  const names = element(
    "div",
    { className: "row names", role: "row" },
    Object.entries(columnNames).map(([className, name]) =>
      element("span", { className, role: "columnheader" }, name)
    ),
  );
  const table = element(
    "div",
    { id: "table", role: "table", ariaLabel: "Events and lines" },
    names,
    frame,
  );
  const opened = element("div", { id: "line" });
  container.append(form, table, opened, held);
  form.append(shownCount);

  const rows = await data.rows;
  if (rows.length === 0) {
    fill(container, []);
    return;
  }
  const search = searcher(rows);
  const isManyRuns = data.head.runs.length > 1;
  const heldOf = heldLines(rows);
  let shown = new Int32Array(0);
  let open = -1;
  let asked = 0;
  // The text whose hits the stream marks.
  let marked;

  const list = scroller({
    frame,
    height,
    content,
    make: (place) => rowElement(shown[place], place),
  });

  function rowElement(row, place) {
    const gap = place > 0
      ? rows.times[row] - rows.times[shown[place - 1]]
      : NaN;
    const [, , , level] = rows.origin(row);
    const lines = rows.more(row);
    // Tab leaves the list: arrows go from line to line.
    const links = entityLinks(row, 3);
    for (const link of links) if (link.tabIndex === 0) link.tabIndex = -1;
    const cells = {
      time: timeCell(rows.times[row]),
      gap: formatSeconds(gap, 6),
      level: level ?? "",
      who: who(row),
      message: [
        element(rows.named(row) ? "b" : "span", {}, rows.text(row)),
        lines && element("i", {}, ` ${lines}`),
      ],
      of: links,
      where: element("span", { title: placeOf(row) }, placeOf(row)),
    };
    const made = element(
      "div",
      { className: row === open ? "row open" : "row", role: "row", row },
      Object.entries(cells).map(([className, content]) =>
        element("span", { className, role: "cell" }, content)
      ),
    );
    if (level) made.dataset.level = level;
    return made;
  }

  const timeCell = (time) => {
    const [day, clock = ""] = formatTime(time).split(" ");
    return [element("span", { className: "day" }, `${day} `), clock];
  };

  const who = (row) => {
    const [process, thread] = rows.origin(row);
    const path = rows.path(row) || null;
    const component = rows.componentOf(rows.columns.span[row]);
    return authorOf({ process, thread, component, path });
  };

  function placeOf(row) {
    const { short, run } = rows.source(row) ?? {};
    if (short === undefined) return "";
    const line = rows.line(row);
    return (isManyRuns && run ? `${run}/` : "") + short +
      (line < 0 ? "" : `:${line}`);
  }

  /** Links to the entities of a row. A line may be about many tasks. */
  function entityLinks(row, max) {
    const spans = rows.spansOf(row);
    const links = spans.slice(0, max).flatMap((span) =>
      entityLinksOf(rows.identityOf(span), isManyRuns ? [] : ["run"])
    );
    const distinct = new Map(links.map((link) => [link.href, link])).values();
    const more = spans.length - max;
    return [
      ...[...distinct].flatMap((link) => [link, " "]),
      ...more > 0 ? [`+ ${more}`] : [],
    ];
  }

  content.addEventListener("click", ({ target }) => {
    const row = target.closest(".row")?.row;
    if (target.closest("a") || row === undefined) return;
    openRow(row === open ? -1 : row);
  });

  /** A line may be several rows, one for each event. */
  function openRow(row, options) {
    open = row;
    const line = row < 0 ? undefined : rows.lineKey(row);
    if (line === state.get().line) showLine({ line });
    else state.set({ line }, options);
  }

  // Arrows go from line to line; elsewhere they move the stream.
  frame.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || shown.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const place = shown.indexOf(open) + step;
    const row = shown[Math.max(0, Math.min(place, shown.length - 1))];
    openRow(row, { replace: true });
  });

  /** Opens the row of the state's line, and scrolls to it. */
  function showLine({ line }) {
    if (line === undefined) open = -1;
    else if (open < 0 || rows.lineKey(open) !== line) {
      open = shown.find((row) => rows.lineKey(row) === line) ??
        rows.find(line);
    }
    const place = open < 0 ? -1 : shown.indexOf(open);
    if (place >= 0) list.scrollTo(place);
    list.draw();
    fill(opened, open < 0 ? [] : lineElements(open, place));
  }

  function lineElements(row, place) {
    const [process, thread, logger, level] = rows.origin(row);
    const line = rows.line(row);
    const facts = [
      `${formatTime(rows.times[row])} UTC`.trim(),
      rows.path(row) + (line < 0 ? "" : `, line ${line}`),
      level,
      process && `process ${process}`,
      thread && `thread ${thread}`,
      logger,
      rows.named(row) ? `event ${rows.event(row)}` : undefined,
    ];
    const more = rows.more(row);
    const cut = Number(rows.attributes(row).more_cut ?? 0);
    return [
      element("div", { className: "facts" }, facts.filter(Boolean).join(", ")),
      element(
        "pre",
        {},
        `${rows.text(row)}\n${more}`.trim() +
          (cut > 0 ? `\n(${counted(cut, "line")} left out)` : ""),
      ),
      element("div", {}, "About ", entityLinks(row, 200)),
      place < 0
        ? element("p", {}, "The filters exclude this line from the list.")
        : undefined,
    ];
  }

  /** Applies the filters of the state. */
  async function applyFilters(chosen, changed) {
    if (changed && !changed.some((key) => key !== "thing" && key !== "line")) {
      if (changed.includes("line")) {
        showLine(chosen);
        if (chosen.line !== undefined) reveal();
      }
      return;
    }
    const turn = ++asked;
    for (const [name, select] of selects) setSelect(select, chosen[name] ?? "");
    let found = chosenRows(rows, data.attempts, chosen);
    if (chosen.search) {
      shownCount.textContent = "Searching…";
      const hits = await search.find(chosen.search, () => turn === asked);
      if (!hits || turn !== asked) return;
      if (marked !== chosen.search) {
        const attempts = attemptsOfRows(rows, data.attempts, hits);
        data.attempts.mark?.(attempts, chosen.search);
      }
      found = found.filter((row) => hits[row]);
    }
    marked = chosen.search;
    shown = chosen.order === "file" ? byFile(rows, found) : found;
    list.show(shown.length);
    showLine(chosen);
    const isAll = shown.length === rows.length;
    shownCount.textContent = count(shown.length) +
      (isAll ? "" : ` of ${count(rows.length)}`) + " events and lines" +
      (data.head.leftOut > 0
        ? `; ${count(data.head.leftOut)} are left out`
        : "");
    held.textContent = heldText(rows, heldOf, chosen);
    const isAsked = ["line", "event", "file"].some((key) =>
      changed?.includes(key) && chosen[key] !== undefined
    );
    if (isAsked) reveal();
  }

  const reveal = () => table.scrollIntoView({ block: "nearest" });

  const selects = new Map();
  for (const [name, { label, values }] of Object.entries(choicesOf(rows))) {
    if (values.length < 3 && name !== "order") continue;
    const select = element(
      "select",
      { id: name, ariaLabel: label },
      values.slice(0, maxOptions + 1).map(([value, text]) =>
        element("option", { value }, text.slice(0, 90))
      ),
    );
    select.addEventListener(
      "change",
      () => state.set({ [name]: select.value }),
    );
    selects.set(name, select);
    form.insertBefore(select, shownCount);
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  state.subscribe(applyFilters);
  await applyFilters(state.get());
  search.prepare();
}

// The list may be cut: adds the value if it is not there.
function setSelect(select, value) {
  select.value = value;
  if (select.value === value) return;
  select.append(element("option", { value }, value));
  select.value = value;
}

const maxOptions = 300;

/** Rows in the order of their files and lines. */
function byFile({ columns: { source, line } }, found) {
  return found.slice().sort((a, b) =>
    source[a] - source[b] || line[a] - line[b] || a - b
  );
}
