import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkout } from "../tools/checkout.ts";

const pages = [
  ...Deno.readDirSync(checkout),
  ...[...Deno.readDirSync(join(checkout, "docs"))]
    .map((entry) => ({ ...entry, name: `docs/${entry.name}` })),
].map(({ name }) => name).filter((name) => name.endsWith(".md"));

for (const page of pages) {
  Deno.test(`what ${page} links to is there`, () => {
    const text = Deno.readTextFileSync(join(checkout, page));
    for (const [, target] of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
      if (/^https?:/.test(target!)) continue;
      const path = join(checkout, dirname(page), target!);
      assert.ok(existsSync(path), `${target} of ${page}`);
    }
  });
}
