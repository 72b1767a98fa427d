import { byId, element, fill } from "./elements.js";
import { filterKeys } from "./state.js";

/** [keys, what they do, the function of the stream]. */
const moves = [
  ["w +", "Zoom in", (stream) => stream.zoom(1.5)],
  ["s -", "Zoom out", (stream) => stream.zoom(1 / 1.5)],
  ["a ArrowLeft", "Earlier", (stream) => stream.pan(-0.2)],
  ["d ArrowRight", "Later", (stream) => stream.pan(0.2)],
  ["W", "Workers above", (stream) => stream.scroll(-0.5)],
  ["S", "Workers below", (stream) => stream.scroll(0.5)],
  ["0", "The whole time", (stream) => stream.reset()],
  ["n", "The next hit of the search", (stream) => stream.step(1)],
  ["p", "The hit before", (stream) => stream.step(-1)],
];
const byKey = new Map(
  moves.flatMap(([keys, , move]) => keys.split(" ").map((key) => [key, move])),
);
// Elsewhere, these scroll the page.
const ofTheStream = new Map([
  ["ArrowUp", (stream) => stream.scroll(-0.2)],
  ["ArrowDown", (stream) => stream.scroll(0.2)],
]);

const otherKeys = [
  ["ArrowUp ArrowDown", "Workers above and below, in the chart of tasks"],
  ["/", "Search"],
  ["Esc", "Close what is open, then remove the search and the filters"],
  ["Alt ArrowLeft", "Back to the view before"],
  ["?", "This help"],
];

const gestures = [
  ["Wheel", "Zoom at the pointer"],
  ["Drag", "Move"],
  ["Shift and drag", "Select a range of time"],
  ["Double click", "The whole time"],
  ["Click on a bar", "What happened to the task, and its lines in the logs"],
  ["Click on a worker", "What happened to it"],
  ["Click in a legend", "Only that app, state or outcome, in all views"],
  ["Click in a chart", "Only what is in the bar or state, in all views"],
  ["Drag in a chart", "Only what lies in the range, in all views"],
];

/** Keys move the stream, search, and close what is open. */
export function initKeyboard(state, stream) {
  const help = byId("help");
  fillHelp(help);
  const openHelp = () => help.open || help.showModal();
  byId("help-button").addEventListener("click", openHelp);
  let settling;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key, target } = event;
    const isTyping = target.matches?.("input, select, textarea");
    if (help.open || (isTyping && key !== "Escape")) return;
    const move = byKey.get(key) ??
      (target.closest?.("#stream") ? ofTheStream.get(key) : undefined);
    if (move) {
      move(stream);
      clearTimeout(settling);
      // A key that is held is one step back.
      settling = setTimeout(() => stream.settle(), 500);
    } else if (key === "/") byId("search").focus();
    else if (key === "?") openHelp();
    else if (key === "Escape") escape(state, isTyping ? target : undefined);
    else return;
    event.preventDefault();
  });
}

/** Leaves a field, or else closes what is open, the narrowest first. */
function escape(state, field) {
  const { thing, line, search, ...others } = state.get();
  if (field) field.blur();
  else if (thing ?? line) state.set({ thing: null, line: null });
  else if (search) state.set({ search: null });
  else {
    const filters = filterKeys.filter((key) => key in others && key !== "run");
    state.set(Object.fromEntries(filters.map((key) => [key, null])));
  }
}

function fillHelp(help) {
  const key = (name) => element("kbd", {}, name);
  const table = (name, rows) =>
    element(
      "table",
      {},
      element("caption", {}, name),
      rows.map(([what, text]) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, what),
          element("td", {}, text),
        )
      ),
    );
  const names = {
    ArrowLeft: "←",
    ArrowRight: "→",
    ArrowUp: "↑",
    ArrowDown: "↓",
  };
  const keysOf = (keys) =>
    keys.split(" ").flatMap((name) => [key(names[name] ?? name), " "]);
  const close = element("button", { type: "submit" }, "Close");
  fill(help, [
    element("form", { method: "dialog" }, close),
    element("h2", { id: "help-heading" }, "How to look around"),
    element(
      "div",
      { className: "help" },
      table(
        "Keys",
        [...moves, ...otherKeys].map(([keys, text]) => [keysOf(keys), text]),
      ),
      table("Mouse", gestures),
    ),
    element(
      "p",
      {},
      "The address holds what the page shows: send it on, or keep it.",
    ),
  ]);
}
