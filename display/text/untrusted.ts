import { printable } from "./plain.js";

export { printable };

/** Printable text on one line: line breaks become "↵", tabs become spaces. */
export function visible(text: string): string {
  return printable(text.replace(/\r?\n/g, "↵").replaceAll("\t", " "));
}

/** Printable text that is safe in HTML, SVG and their quoted attributes. */
export function escapeMarkup(text: string): string {
  return printable(text).replace(/[&<>"']/g, (char) => entities[char]!);
}

const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
