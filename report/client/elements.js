// Text of a log only ever becomes the text of a node.

import { count, printable } from "../../display/text/plain.js";

export const byId = (id) => document.getElementById(id);

/** A new element with children: nodes and texts. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  if (made.title) made.title = printable(made.title);
  return fill(made, children);
}

/** Replaces the children of an element. */
export function fill(made, children) {
  const parts = children.flat().filter((child) => child != null);
  made.replaceChildren();
  for (const part of parts) {
    made.append(part instanceof Node ? part : printable(String(part)));
  }
  return made;
}

/** A table; a column is [name, content of a row, class: "number", "short"]. */
export function tableElement(columns, rows) {
  const row = (name, contentOf) =>
    element(
      "tr",
      {},
      columns.map((column) =>
        element(name, { className: column[2] ?? "" }, contentOf(column))
      ),
    );
  const body = rows.map((it) => row("td", ([, content]) => content(it)));
  const table = element(
    "table",
    {},
    element("thead", {}, row("th", ([name]) => name)),
    element("tbody", {}, body),
  );
  return element("div", { className: "wide" }, table);
}

/** A column of counts. */
export const countColumn = (name, valueOf) => [
  name,
  (row) => count(valueOf(row) ?? 0),
  "number",
];

/** A column of seconds. */
export const secondsColumn = (name, valueOf) => [
  name,
  (row) => formatSeconds(valueOf(row)),
  "number",
];

/** A UTC date and time, to the microsecond. */
export function formatTime(seconds) {
  if (seconds === null || Number.isNaN(seconds)) return "";
  const microseconds = Math.round(seconds * 1e6);
  const milliseconds = Math.floor(microseconds / 1000);
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return String(seconds);
  const text = date.toISOString().slice(0, 23).replace("T", " ");
  return text + String(microseconds - 1000 * milliseconds).padStart(3, "0");
}

/** Seconds with the digits that matter. */
export function formatSeconds(seconds, maxDigits = 4) {
  if (seconds == null || Number.isNaN(seconds)) return "";
  const size = Math.abs(seconds);
  const digits = size < 10 ? maxDigits : size < 1000 ? 2 : 0;
  return (secondsFormats[digits] ??= new Intl.NumberFormat("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })).format(seconds);
}

const secondsFormats = [];

/** Links between which a line may break. */
export const spaced = (links) => links.flatMap((link) => [link, " "]);

/** Lets the browser draw and handle events. */
export const pause = () => new Promise((resolve) => setTimeout(resolve));
