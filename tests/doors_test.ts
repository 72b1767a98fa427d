import * as campaign from "dnpc/campaign";
import * as importers from "dnpc/importers";
import * as plots from "dnpc/plots";
import * as questions from "dnpc/questions";
import * as report from "dnpc/report";
import * as sql from "dnpc/sql";
import * as all from "dnpc";
import assert from "node:assert/strict";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

Deno.test("doors export distinct names, and dnpc exports them all", () => {
  const names = [sql, questions, importers, plots, report, campaign]
    .flatMap((door) => Object.keys(door));
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual(Object.keys(all).sort(), names.sort());
});

/** The other folders that each part of the library may import from. */
const arrows: Record<string, string[]> = {
  display: [],
  sql: ["display"],
  questions: ["sql", "display"],
  importers: ["sql", "display"],
  plots: ["display"],
  report: ["sql", "questions", "importers", "plots", "display"],
  campaign: ["sql", "questions", "display"],
};

/** The imports of the files of a folder, as [file, path] from the root. */
function importsOf(folder: string): [string, string][] {
  const found: [string, string][] = [];
  const read = (path: string) => {
    for (const entry of Deno.readDirSync(join(root, path))) {
      const file = join(path, entry.name);
      if (entry.isDirectory) read(file);
      else if (file.endsWith(".ts")) {
        const text = Deno.readTextFileSync(join(root, file))
          .replace(/\/\*\*[\s\S]*?\*\//g, "");
        const pattern = /\b(?:from|import)\s*\(?\s*"([^"]+)"/g;
        for (const [, name] of text.matchAll(pattern)) {
          found.push([
            file,
            name!.startsWith(".")
              ? normalize(join(dirname(file), name!))
              : name!,
          ]);
        }
      }
    }
  };
  read(folder);
  return found;
}

for (const [folder, allowed] of Object.entries(arrows)) {
  Deno.test(`${folder}/ imports from ${allowed.join(", ") || "no other part"}`, () => {
    const imports = importsOf(folder);
    assert.ok(imports.length > 0);
    for (const [file, name] of imports) {
      assert.doesNotMatch(name, /^dnpc/, `${file} imports ${name}`);
      const part = name.split("/")[0]!;
      if (!(part in arrows)) continue;
      // lines() rereads logs, including gzipped ones.
      if (
        file.startsWith("questions/lines/") &&
        name.startsWith("importers/container/")
      ) continue;
      assert.ok(
        part === folder || allowed.includes(part),
        `${file} imports ${name}`,
      );
      // Other parts are imported through their doors.
      if (part !== folder && part !== "display") {
        assert.equal(name, `${part}/mod.ts`, `${file} imports ${name}`);
      }
    }
  });
}

Deno.test("packages that take long to load are loaded at first use", () => {
  const loading =
    /^import (?!type)[^"]*"(@observablehq\/plot|@resvg\/resvg-js|@uwdata\/flechette|arquero|linkedom\/worker|minizlib|node:zlib|tar\/parse)"(?! with)/m;
  for (const folder of Object.keys(arrows)) {
    for (const [file] of importsOf(folder)) {
      const text = Deno.readTextFileSync(join(root, file));
      assert.doesNotMatch(text, loading, file);
    }
  }
});

Deno.test("notebooks/ and examples/ use only the public doors", () => {
  const doors =
    /^(dnpc(\/(sql|questions|importers|plots|report|campaign))?|@observablehq\/plot)$/;
  for (const [file, name] of importsOf("examples")) {
    assert.match(name, doors, `${file} imports ${name}`);
  }
  for (const { name } of Deno.readDirSync(join(root, "notebooks"))) {
    if (!name.endsWith(".ipynb")) continue;
    const { cells } = JSON.parse(
      Deno.readTextFileSync(join(root, "notebooks", name)),
    );
    for (const { source } of cells) {
      const text = [source].flat().join("");
      for (const [, imported] of text.matchAll(/ from "([^"]+)"/g)) {
        assert.match(imported!, doors, `${name} imports ${imported}`);
      }
    }
  }
});

Deno.test("cli.ts and cli/ use only the public doors and display/", () => {
  const allowed =
    /^(dnpc(\/(sql|questions|importers|plots|report|campaign))?|(cli|display)\/.*|deno\.json|node:\w+)$/;
  // Only the command line writes Parquet.
  const own = ["hyparquet-writer"];
  const entry = Deno.readTextFileSync(join(root, "cli.ts"))
    .matchAll(/(?: from |\bimport\()"([^"]+)"/g).toArray();
  assert.deepEqual(entry.map(([, name]) => name), ["./cli/main.ts"]);
  for (const [file, name] of importsOf("cli")) {
    // Skips texts about the command "import".
    if (own.includes(name) || /\s/.test(name)) continue;
    assert.match(name, allowed, `${file} imports ${name}`);
  }
});

Deno.test("no imports are circular", () => {
  const imports = new Map<string, string[]>();
  for (const folder of [...Object.keys(arrows), "cli", "tools", "bench"]) {
    for (const [file, name] of importsOf(folder)) {
      if (name.endsWith(".ts")) {
        imports.set(file, [...imports.get(file) ?? [], name]);
      }
    }
  }
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    assert.ok(!path.includes(file), [...path, file].join(" → "));
    if (done.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
});
