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
export const count = (value) => value.toLocaleString("en-US");
