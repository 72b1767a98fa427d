// `deno task reference`: makes the pages of docs/reference/ of the comments in
// the code: of the schema, and of all that is public.

import { inCheckout } from "./checkout.ts";
import { doorPages } from "./reference/door_pages.ts";
import { pageText } from "./reference/page_text.ts";
import { schemaPage } from "./reference/schema_page.ts";
import { spanTypesPage } from "./reference/span_types_page.ts";
import { runTask } from "./set_up_error.ts";

const folder = inCheckout("docs", "reference");

const introduction = [
  "# Reference",
  "",
  "All that is public, and the tables that imports make. The pages are made " +
  "of the comments in the code, and the tests see to it that they still say " +
  "the same; the examples run in the tests, where they stand in the code. " +
  "[The guide](../guide.md) is a better place to begin.",
  "",
  "- [The schema](schema.md): each table, each column.",
  "- [Span types](span_types.md): each type of span, its events, what " +
  "identifies it.",
];

if (import.meta.main) {
  await runTask(async () => {
    const pages = await referencePages();
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    await Deno.mkdir(folder, { recursive: true });
    for (const [name, text] of pages) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
  });
}

/** The text of each page, by the name of its file in docs/reference/. */
export async function referencePages(): Promise<Map<string, string>> {
  const { texts, list } = await doorPages();
  return new Map([
    ["README.md", pageText([...introduction, ...list])],
    ["schema.md", schemaPage()],
    ["span_types.md", await spanTypesPage()],
    ...texts,
  ]);
}
