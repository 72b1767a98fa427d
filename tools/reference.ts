// `deno task reference`: writes docs/reference/. The four Markdown pages and the
// help of functions are committed; the HTML pages of everything public, in docs/reference/api/, are
// not.

import { inCheckout } from "./checkout.ts";
import { deno } from "./programs.ts";
import { doorNames, doors } from "./reference/door_names.ts";
import { functionHelp } from "./reference/function_help.ts";
import { schemaPage } from "./reference/schema.ts";
import { summaryPage } from "./reference/summary_page.ts";
import { spanTypesPage } from "./reference/span_types_page.ts";

const folder = inCheckout("docs", "reference");

const introduction = [
  "# Reference",
  "",
  "- [The schema](schema.md): each table, each column.",
  "- [Span types](span_types.md): each type of span, its events and what " +
  "identifies it.",
  "- [The JSON of a summary](summary.md), for programs that read it.",
  "- Everything public, with types and examples, as web pages: run " +
  "`deno task reference` and open `docs/reference/api/index.html`.",
  "- The same in a terminal, by door and name:",
  "",
  "```sh",
  "deno doc -q --filter twoEvents plots/mod.ts",
  "deno doc -q --filter Database.query sql/mod.ts",
  "```",
  "",
  "In a notebook, hover over a name or press Tab. The list below has every " +
  "public name by the door that exports it; `dnpc` exports all of them. " +
  "[The guide](../guide.md) is a better place to begin, and " +
  "[the glossary](../glossary.md) explains the terms.",
];

if (import.meta.main) {
  for (const [name, text] of await referencePages()) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  await writeApiPages(`${folder}/api`);
}

/** The Markdown pages and the help of functions, by file name in docs/reference/. */
export async function referencePages(): Promise<Map<string, string>> {
  const pages = {
    "README.md": [...introduction, ...await doorNames()],
    "schema.md": schemaPage(),
    "span_types.md": await spanTypesPage(),
    "summary.md": summaryPage(),
  };
  const note = "<!-- Written by `deno task reference`. -->";
  return new Map([
    ...Object.entries(pages).map(([name, lines]): [string, string] => {
      const text = [note, "", ...lines].join("\n");
      return [name, text.replace(/\n{3,}/g, "\n\n").trim() + "\n"];
    }),
    ["functions.json", await functionHelp()],
  ]);
}

/** Writes an HTML page for each public name. */
export async function writeApiPages(output: string): Promise<void> {
  await deno("doc", "--html", "--name=dnpc", `--output=${output}`, ...doors);
}
