const entities: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Makes text safe to stand in HTML, in SVG, and in a quoted attribute of
 * either. Control characters, which XML cannot hold even escaped, become
 * U+FFFD, and so do those that mark, embed, override or isolate a direction:
 * they would turn round what stands beside the text, too.
 */
export function escapeMarkup(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character]!)
    .replace(hidden, "\ufffd")
    .toWellFormed();
}

const hidden =
  // deno-lint-ignore no-control-regex
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]/g;
