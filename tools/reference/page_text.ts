const made =
  "<!-- Made of the comments in the code by `deno task reference`. -->";

/** Lines as a page: one blank line at most between two, none at the ends. */
export function pageText(lines: readonly string[]): string {
  const text = [made, "", ...lines].join("\n");
  return text.replace(/\n{3,}/g, "\n\n").trim() + "\n";
}
