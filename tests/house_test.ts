import assert from "node:assert/strict";
import { basename, dirname, join } from "node:path";
import { checkout } from "../tools/checkout.ts";

/** The code files of this checkout, relative to its root. */
function* codeBelow(folder = ""): Generator<string> {
  const entries = Deno.readDirSync(join(checkout, folder));
  for (const { name, isDirectory } of entries) {
    const path = join(folder, name);
    if (isDirectory) {
      // Skips installed packages, generated files and fixtures.
      if (!/^(\..*|node_modules|fixtures|demo|api)$/.test(name)) {
        yield* codeBelow(path);
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

Deno.test("a file of more than 300 lines states the reason", () => {
  for (const [path, text] of files) {
    // A door is a table of contents.
    if (path.endsWith("mod.ts")) continue;
    if (text.trimEnd().split("\n").length <= 300) continue;
    assert.match(text, /^(\/\/|--) Over 300 lines: \w/m, path);
  }
});

Deno.test("every file is a test or is named in another file", () => {
  for (const path of files.keys()) {
    if (path.endsWith("_test.ts") || path.startsWith("examples/")) continue;
    const name = basename(path);
    const isNamed = settings.includes(name) ||
      [...files].some(([other, text]) => other !== path && text.includes(name));
    assert.ok(isNamed, `${path} is named nowhere`);
  }
});

Deno.test("every export is used in another file", () => {
  const users = new Map<string, number>();
  for (const text of files.values()) {
    for (const word of new Set(text.match(/\b[A-Za-z_]\w*\b/g))) {
      users.set(word, (users.get(word) ?? 0) + 1);
    }
  }
  const values = /^export (?:async )?(?:function\*?|const|class) (\w+)/gm;
  // `export *` in a door does not name the exports: then the example in the file
  // may be the only use.
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

Deno.test("a text has no space before a percent sign", () => {
  for (const [path, text] of files) {
    // A number, then the end of a text, of its sentence, or a word of it.
    const spaced = text.match(
      /(?:\d|"|\})(?: |\u00a0|\\u00a0)%(?=["'`.,;:)]| (?:of|to|from|useful|idle|in)\b)/,
    );
    assert.equal(spaced?.[0], undefined, path);
  }
});
