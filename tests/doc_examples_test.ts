// Runs every example in a doc comment or on a page. `deno test --doc` does the
// same, but loads and compiles the library again for each.

import { glob } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { checkout, inCheckout } from "../tools/checkout.ts";

const kept = inCheckout(".test_imports");

/** An example and the place where its code begins. */
interface Example {
  place: string;
  code: string;
}

const pages = await Array.fromAsync(
  glob([
    "*.{md,ts}",
    "docs/**/*.md",
    "{cli,display,importers,plots,questions,report,sql}/**/*.ts",
  ], { cwd: checkout }),
);

function examplesOf(page: string): Example[] {
  const text = Deno.readTextFileSync(inCheckout(page));
  const prose = page.endsWith(".md") ? text : commentsOf(text);
  return [...prose.matchAll(/^```ts\b(.*)\n([^]*?)\n```$/gm)]
    .filter(([, attributes]) => !attributes!.includes("ignore"))
    .map(({ 2: code, index }) => ({
      place: `${page}:${prose.slice(0, index).split("\n").length + 1}`,
      code: code!,
    }));
}

/** The text of doc comments, with line numbers preserved. */
const commentsOf = (text: string) =>
  text.split(/(\/\*\*[^]*?\*\/)/).map((part, i) =>
    part.replace(i % 2 ? /^ *(\/\*\*|\*\/|\* ?)/gm : /.+/g, "")
  ).join("");

for (const { place, code } of pages.sort().flatMap(examplesOf)) {
  Deno.test(`the example at ${place} runs`, async () => {
    // Within the checkout, where the import map applies.
    await Deno.mkdir(kept, { recursive: true });
    const folder = await Deno.makeTempDir({ dir: kept });
    try {
      const path = join(folder, `${basename(place).replace(":", "_")}.ts`);
      await Deno.writeTextFile(path, code);
      await import(pathToFileURL(path).href);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
