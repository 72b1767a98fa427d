import { count, counted } from "../../display/text/plain.js";
import { element, fill } from "./elements.js";
import { comparedRuns, comparing } from "./timeline.js";

/** The controls of the stream and its legend, which filters. */
export function initControls({ controls, legend }, scene, state, actions) {
  const { stream } = scene;
  const isManyRuns = stream.runs.length > 1;
  const color = choice("color", "Color of the bars", (value) => {
    state.set({ color: value === defaultColor(state.get()) ? null : value });
  });
  fill(color, [
    option("app", "color by app"),
    option("outcome", "color by outcome"),
    isManyRuns ? option("run", "color by run") : undefined,
  ]);
  const compare = choice(
    "compare",
    "Lay another run over this one",
    (value) => {
      const base = baseRun(stream, state.get());
      state.set({
        compare: value && comparing(base, value),
        run: value ? null : base,
        from: null,
        until: null,
      });
    },
  );
  const select = button(
    "Select a range",
    "Drag to select a range of time: or hold Shift",
    () => {
      scene.isSelecting = !scene.isSelecting;
      select.setAttribute("aria-pressed", scene.isSelecting);
    },
  );
  select.setAttribute("aria-pressed", "false");
  const rows = button(
    "Fit all rows",
    "Show all workers without scrolling",
    () =>
      state.set(
        { rows: state.get().rows === "fit" ? null : "fit" },
        { replace: true },
      ),
  );
  const hits = element("output", { id: "hits" });
  const found = element(
    "span",
    { className: "found", hidden: true },
    hits,
    button("‹", "The hit before", () => actions.step(-1)),
    button("›", "The next hit", () => actions.step(1)),
  );
  fill(controls, [
    color,
    isManyRuns ? compare : undefined,
    select,
    button("Whole time", "Show all: or double click", actions.reset),
    rows,
    found,
  ]);

  return {
    show(now) {
      color.value = colorBy(now);
      const base = baseRun(stream, now);
      fill(compare, [
        option("", "lay a run over it"),
        ...stream.runs.filter(({ run }) => run !== base)
          .map(({ run }) => option(run, `run ${run} over run ${base}`)),
      ]);
      compare.value = comparedRuns(now)[1] ?? "";
      rows.setAttribute("aria-pressed", now.rows === "fit");
      found.hidden = !now.search;
      hits.textContent = hitsText(scene);
      fillLegend(legend, scene, state, now);
    },
    /** After the lanes have their places. */
    showRows() {
      rows.hidden = !scene.layout.isScrollable;
    },
  };
}

/** What the bars are colored by. */
export const colorBy = (now) => now.color ?? defaultColor(now);

const defaultColor = ({ compare }) => compare === undefined ? "app" : "run";

const baseRun = ({ runs }, now) =>
  now.run ?? comparedRuns(now)[0] ?? runs[0].run;

function hitsText({ hits, hit, isOfLines }) {
  if (hits.length === 0) return "no task, app, host or worker has this name";
  const place = hit < 0 ? "" : `${count(hit + 1)} of `;
  return `${place}${counted(hits.length, "hit")}` +
    (isOfLines ? " by a line" : "");
}

function fillLegend(legend, { colors, failed }, state, now) {
  fill(legend, [
    ...colors.groups.map(({ name, color, filter }) => {
      const parts = [swatch(color), name];
      return filter
        ? filterLink(state, now, filter, parts)
        : element("span", {}, ...parts);
    }),
    element("span", { className: "note" }, "paler: waiting for its worker"),
    failed.length === 0 ? undefined : element(
      "span",
      { className: "note" },
      element("i", { className: "swatch failed" }),
      "failed or lost",
    ),
  ]);
}

/** A link that filters, or removes its filter. */
export function filterLink(state, now, filter, parts) {
  const [[key, value]] = Object.entries(filter);
  const isSet = now[key] === value;
  const link = element("a", {
    href: state.hashWith({ [key]: isSet ? null : value }),
    title: isSet ? "Show all again" : `Only ${key} ${value}`,
  }, ...parts);
  if (isSet) link.setAttribute("aria-current", "true");
  return link;
}

/** A patch of a color. */
export function swatch(color) {
  const patch = element("i", { className: "swatch" });
  patch.style.background = color;
  return patch;
}

const option = (value, text) => element("option", { value }, text);

function choice(id, label, onChange) {
  const select = element("select", { id });
  select.setAttribute("aria-label", label);
  select.addEventListener("change", () => onChange(select.value));
  return select;
}

function button(text, title, onclick) {
  return element("button", { type: "button", title, onclick }, text);
}
