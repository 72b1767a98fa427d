// What comes out of a log only ever becomes the text of a node.

/** A new element with what is in it: nodes and texts. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  if (made.title) made.title = visible(made.title);
  return filled(made, children);
}

/** The element with nodes and texts in it. */
export function filled(made, children) {
  const parts = children.filter((child) => child != null);
  made.replaceChildren(
    ...parts.map((part) => part instanceof Node ? part : visible(String(part))),
  );
  return made;
}

/** Text in which every character shows itself, and none turns round others. */
export const visible = (text) => text.replace(hidden, "\ufffd");

const hidden =
  // deno-lint-ignore no-control-regex
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A table: columns are [name, of a row its content, "number" where it is one]. */
export function tableOf(columns, rows) {
  const head = columns.map(([name, , kind]) =>
    element("th", { className: kind ?? "" }, name)
  );
  const body = rows.map((row) =>
    element(
      "tr",
      {},
      ...columns.map(([, content, kind]) => {
        const cell = element("td", { className: kind ?? "" });
        return filled(cell, [content(row)].flat());
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

export const counted = (number) => number.toLocaleString("en-US");

/** A moment in UTC, to the microsecond, as logs have it. */
export function momentOf(seconds) {
  if (seconds === null || Number.isNaN(seconds)) return "";
  const whole = Math.floor(seconds);
  const rest = Math.min(999999, Math.round((seconds - whole) * 1e6));
  const date = new Date(whole * 1000);
  if (Number.isNaN(date.getTime())) return String(seconds);
  const text = date.toISOString().slice(0, 19).replace("T", " ");
  return `${text}.${String(rest).padStart(6, "0")}`;
}

/** Seconds, with as many digits as tell something. */
export function secondsOf(seconds, most = 4) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) {
    return "";
  }
  const digits = Math.abs(seconds) < 10
    ? most
    : Math.abs(seconds) < 1000
    ? 2
    : 0;
  return seconds.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Leaves the browser time to draw and to listen. */
export const pause = () => new Promise((resolve) => setTimeout(resolve));
