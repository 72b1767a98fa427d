import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkout } from "../tools/checkout.ts";
import { anchors } from "../tools/reference/links.ts";

const pages = ["", "bench", "docs", "docs/reference"].flatMap((folder) =>
  [...Deno.readDirSync(join(checkout, folder))]
    .map(({ name }) => join(folder, name))
    .filter((name) => name.endsWith(".md"))
);

for (const page of pages) {
  Deno.test(`what ${page} links to is there`, () => {
    const text = Deno.readTextFileSync(join(checkout, page));
    for (const [, target] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target!)) continue;
      const [file, anchor] = target!.split("#");
      const path = file === "" ? page : join(dirname(page), file!);
      assert.ok(existsSync(join(checkout, path)), `${target} of ${page}`);
      if (anchor === undefined) continue;
      assert.ok(headings(path).includes(anchor), `${target} of ${page}`);
    }
  });
}

/** The anchors of a page. */
function headings(path: string): string[] {
  const text = Deno.readTextFileSync(join(checkout, path));
  const anchor = anchors();
  return [...withoutCode(text).matchAll(/^#+ (.+)$/gm)]
    .map(([, heading]) => anchor(heading!));
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, "");
}
