// Text of a log only ever becomes the text of a node.

import { printable } from "../../display/text/plain.js";

/** A new element with children: nodes and texts. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  if (made.title) made.title = printable(made.title);
  return fill(made, children);
}

/** Replaces the children of an element. */
export function fill(made, children) {
  const parts = children.filter((child) => child != null);
  made.replaceChildren(
    ...parts.map((part) =>
      part instanceof Node ? part : printable(String(part))
    ),
  );
  return made;
}

/** A table; a column is [name, content of a row, class: "number", "short"]. */
export function tableElement(columns, rows) {
  const head = columns.map(([name, , kind]) =>
    element("th", { className: kind ?? "" }, name)
  );
  const body = rows.map((row) =>
    element(
      "tr",
      {},
      ...columns.map(([, content, kind]) => {
        const cell = element("td", { className: kind ?? "" });
        return fill(cell, [content(row)].flat());
      }),
    )
  );
  const table = element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...body),
  );
  return element("div", { className: "wide" }, table);
}

/** A UTC date and time, to the microsecond. */
export function formatTime(seconds) {
  if (seconds === null || Number.isNaN(seconds)) return "";
  const whole = Math.floor(seconds);
  const rest = Math.min(999999, Math.round((seconds - whole) * 1e6));
  const date = new Date(whole * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  const text = date.toISOString().slice(0, 19).replace("T", " ");
  return `${text}.${String(rest).padStart(6, "0")}`;
}

/** Seconds with the digits that matter. */
export function formatSeconds(seconds, maxDigits = 4) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) {
    return "";
  }
  const digits = Math.abs(seconds) < 10
    ? maxDigits
    : Math.abs(seconds) < 1000
    ? 2
    : 0;
  return seconds.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Lets the browser draw and handle events. */
export const pause = () => new Promise((resolve) => setTimeout(resolve));
