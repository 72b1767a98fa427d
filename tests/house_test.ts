import assert from "node:assert/strict";
import { basename, dirname, join } from "node:path";
import { checkout } from "../tools/checkout.ts";

/** The files of code in this checkout, from its root. */
function* codeBelow(folder = ""): Generator<string> {
  for (
    const { name, isDirectory } of Deno.readDirSync(join(checkout, folder))
  ) {
    const path = join(folder, name);
    if (isDirectory) {
      // What is set up here, and what real programs wrote, is not of this house.
      if (!/^(\..*|node_modules|fixtures|demo|api)$/.test(name)) {
        yield* codeBelow(
          path,
        );
      }
    } else if (/\.(ts|js|sql|css)$/.test(name)) yield path;
  }
}

const files = new Map(
  [...codeBelow()].map((path) =>
    [path, Deno.readTextFileSync(join(checkout, path))] as const
  ),
);
const settings = Deno.readTextFileSync(join(checkout, "deno.json"));

Deno.test("a file of more than 300 lines says why", () => {
  for (const [path, text] of files) {
    // A door is a table of contents.
    if (path.endsWith("mod.ts")) continue;
    if (text.trimEnd().split("\n").length <= 300) continue;
    assert.match(text, /^(\/\/|--) Over 300 lines: \w/m, path);
  }
});

Deno.test("no file is dead: each is a test, or another one names it", () => {
  for (const path of files.keys()) {
    if (path.endsWith("_test.ts") || path.startsWith("examples/")) continue;
    const name = basename(path);
    const isNamed = settings.includes(name) ||
      [...files].some(([other, text]) => other !== path && text.includes(name));
    assert.ok(isNamed, `${path} is named nowhere`);
  }
});

Deno.test("nothing is exported that no other file uses", () => {
  const users = new Map<string, number>();
  for (const text of files.values()) {
    for (const word of new Set(text.match(/\b[A-Za-z_]\w*\b/g))) {
      users.set(word, (users.get(word) ?? 0) + 1);
    }
  }
  const values = /^export (?:async )?(?:function\*?|const|class) (\w+)/gm;
  // A door that exports a file whole names none of it: then its own example may
  // be the only use.
  const whole = new Set(
    [...files].flatMap(([door, text]) =>
      [...text.matchAll(/^export \* from "(.*)";/gm)]
        .map(([, file]) => join(dirname(door), file!))
    ),
  );
  for (const [path, text] of files) {
    for (const [, name] of text.matchAll(values)) {
      const example = new RegExp(`^ \\* import \\{[^}]*\\b${name}\\b`, "m");
      assert.ok(
        users.get(name!)! > 1 || whole.has(path) && example.test(text),
        `${name} of ${path}`,
      );
    }
  }
});
