import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkout } from "../tools/checkout.ts";

const pages = ["", "bench", "docs", "docs/reference"].flatMap((folder) =>
  [...Deno.readDirSync(join(checkout, folder))]
    .map(({ name }) => join(folder, name))
    .filter((name) => name.endsWith(".md"))
);

for (const page of pages) {
  Deno.test(`the links of ${page} have targets`, () => {
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

/** GitHub's anchors: a repeated heading gets a number. */
function anchors(): (heading: string) => string {
  const counts = new Map<string, number>();
  return (heading) => {
    const plain = heading.toLowerCase().replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-");
    const count = counts.get(plain) ?? 0;
    counts.set(plain, count + 1);
    return count === 0 ? plain : `${plain}-${count}`;
  };
}
