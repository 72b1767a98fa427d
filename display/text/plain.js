// JavaScript, because the page of a report uses it too.

/**
 * Text that cannot move the cursor or change the colors of a terminal, nor
 * change the direction in which its surroundings are read: such characters
 * become U+FFFD. Line breaks and tabs stay.
 *
 * @param {string} text
 * @returns {string}
 */
export const printable = (text) =>
  text.replace(hidden, "\ufffd").toWellFormed();

const hidden =
  // deno-lint-ignore no-control-regex
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\r(?!\n)/g;

/**
 * A count for reading: "1,234,567".
 *
 * @param {number} value
 * @returns {string}
 */
export const count = (value) => countFormat.format(value);

const countFormat = new Intl.NumberFormat("en-US");

/**
 * A count with its noun: "1 span", "1,234 spans".
 *
 * @param {number} number
 * @param {string} one
 * @param {string} [many]
 * @returns {string}
 */
export const counted = (number, one, many = plural(one)) =>
  `${count(number)} ${number === 1 ? one : many}`;

/**
 * The plural of a noun: tasks, tries.
 *
 * @param {string} noun
 * @returns {string}
 */
export const plural = (noun) =>
  /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;

/**
 * A moment in UTC: "2026-11-22 10:40:41.951".
 *
 * @param {number} seconds
 * @param {number} [decimals]
 * @returns {string}
 */
export function moment(seconds, decimals = 0) {
  const [whole = "", fraction = ""] = seconds.toFixed(decimals).split(".");
  const date = new Date(Number(whole) * 1000).toISOString();
  return date.slice(0, 10) + " " + date.slice(11, 19) +
    (fraction && `.${fraction}`);
}

/**
 * The last part of a path.
 *
 * @param {string} path
 * @returns {string}
 */
export const lastPart = (path) =>
  path.split("/").findLast((part) => part !== "") ?? "";

/**
 * An event that no line tells in its own words, as a phrase: "task 79, try 0:
 * launched", "block 0: exited (code 1)".
 *
 * @param {string} type
 * @param {Record<string, unknown>} attributes of the event
 * @param {Record<string, unknown>} span attributes of its span
 * @param {readonly string[]} identity names of those that identify the span
 * @returns {string}
 */
export function phraseOf(type, attributes, span = {}, identity = []) {
  const names = identity.filter((name) =>
    !["run", "rundir"].includes(name) && span[name] != null
  );
  // A worker is not told apart by its executor, block and manager in a story.
  const subject = names.slice(names.includes("try") ? 0 : -1)
    .map((name) => `${wordsIn(name)} ${span[name]}`).join(", ");
  const raised = /fail|exception/i.test(type)
    ? [span.exception, span.exception_message].filter(Boolean).join(": ")
    : "";
  const details = Object.entries(attributes)
    .filter(([name, value]) => !toldElsewhere.has(name) && isPlain(value))
    .map(([name, value]) => `${wordsIn(name)} ${value}`).join(", ");
  return [subject, wordsIn(type), raised].filter(Boolean).join(": ") +
    (details ? ` (${details})` : "");
}

/** Attributes that are shown elsewhere. */
const toldElsewhere = new Set([
  "table",
  "values",
  "more",
  "more_cut",
  "exception",
  "exception_message",
  "exception_causes",
]);

const isPlain = (value) => value !== null && typeof value !== "object";
const wordsIn = (name) => String(name).replaceAll("_", " ");
