import { bind, openDatabase } from "dnpc/sql";
import { importRuninfo, parslRules } from "dnpc/importers";
import { strict as assert } from "node:assert";
import { formats } from "../../importers/formats/list.ts";
import { filesBelow } from "../../importers/discover/paths.ts";
import { directoryKey } from "../../importers/store/directory_key.ts";
import { rows } from "./databases.ts";
import { repositorySets } from "./logs.ts";

/** Source code outside of the formats' folders, without comments. */
const code = ["importers", "sql", "questions", "plots", "report", "campaign"]
  .concat("display", "cli")
  .filter((room) => hasFolder(room))
  .flatMap((room) => [...filesBelow(room)])
  .filter((path) => /\.(?:ts|sql)$/.test(path))
  .filter((path) => !/^importers\/formats\/\w+\//.test(path))
  .map((path) => ({ path, text: withoutComments(path) }));

function hasFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function withoutComments(path: string): string {
  const text = Deno.readTextFileSync(path);
  return path.endsWith(".sql")
    ? text.replace(/--.*$/gm, "")
    : text.replace(/\/\*\*?[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

Deno.test("only the format list and importers/mod.ts import from a format's folder", () => {
  const imports = code.flatMap(({ path, text }) =>
    [...text.matchAll(/ from "([^"]*formats\/\w+\/[^"]*)"/g)]
      .map(([, name]) => ({ path, name: name! }))
  );
  assert.ok(imports.length > 0);
  for (const { path, name } of imports) {
    // All logs below a run directory belong to a Parsl run.
    if (name.endsWith("/parsl/runs.ts")) continue;
    const isAllowed = path === "importers/formats/list.ts"
      ? name.endsWith("/format.ts")
      : path === "importers/mod.ts";
    assert.ok(isAllowed, `${path} imports ${name}`);
  }
});

Deno.test("no code outside of a format's folder names its files or span types", () => {
  // Parsl's types and files are exempt because runs are a Parsl concept; JSON
  // is exempt because it is not specific to one program.
  const types = formats.flatMap(({ spanTypes }) => spanTypes)
    .map(({ type }) => type).filter((type) => !type.startsWith("parsl."));
  const files = formats
    .filter(({ name }) => !["parsl", "monitoring", "json"].includes(name))
    .flatMap(({ files }) => files).map(({ importer }) => importer);
  // Prefixes suffice: code may build a type from parts.
  const words = new Set([
    ...types,
    ...files,
    ...types.map((type) => type.slice(0, type.indexOf("."))),
  ]);
  const known = [...words].map((word) => RegExp.escape(word)).join("|");
  const literal = new RegExp(`(?<![\\w.])(?:${known})(?![\\w])`, "g");
  const found = code.filter(({ path }) =>
    !/^importers\/(?:mod|formats\/list)\.ts$/.test(path)
  ).flatMap(({ path, text }) =>
    [...text.matchAll(literal)].map(([word]) => `${path}: ${word}`)
  );
  assert.deepEqual([...new Set(found)], []);
});

Deno.test("every span that an import creates has a documented type and its key", async () => {
  const types = new Map(
    formats.flatMap(({ spanTypes }) => spanTypes).map((one) => [one.type, one]),
  );
  for (const { path } of repositorySets) {
    using db = await openDatabase(undefined, { engine: "native" });
    await importRuninfo(db, path, { timeZone: "UTC" });
    const spans = db.query<{ type: string; key: string; attributes: string }>(
      "SELECT type, key, attributes FROM span ORDER BY id",
    );
    for (const { type, key, attributes } of spans) {
      // METRIC lines name their own types.
      if (!type.includes(".")) continue;
      const values = JSON.parse(attributes);
      const identity = types.get(type)?.identity ?? [`${type} is unknown`];
      const made = identity.filter((name) => name in values)
        .map((name) =>
          name === "rundir"
            ? directoryKey(values[name])
            : String(values[name]).replace(/[%/]/g, encodeURIComponent)
        );
      assert.equal(key, made.join("/"), `${type} in ${path}`);
    }
  }
});

Deno.test("importRuninfo() writes the formats' metadata to span_kind and event_kind", async () => {
  using db = await openDatabase();
  await importRuninfo(db, repositorySets[0]!.path);
  assert.deepEqual(
    rows(
      db,
      `SELECT event_type, rank, final, place, place_rank, work FROM event_kind
       WHERE span_type = 'parsl.executor.htex.worker.task' ORDER BY rank`,
    ),
    [
      ["worker_received_task", 1, 0, "in a worker", 50, "busy"],
      ["worker_completed_task", 2, 0, "returning", 60, "idle"],
      ["worker_all_finished_task", 3, 0, "returning", 60, "idle"],
      ["worker_died", 4, 0, "returning", 60, "lost"],
    ],
  );
  assert.deepEqual(
    rows(
      db,
      "SELECT format, role, identity FROM span_kind WHERE type = 'parsl.rundir.try'",
    ),
    [["parsl", "try", '["rundir","task","try"]']],
  );
  const [before] = rows(db, "SELECT count(*), sum(rank) FROM event_kind");
  await importRuninfo(db, repositorySets[1]!.path);
  assert.deepEqual(rows(db, "SELECT count(*), sum(rank) FROM event_kind"), [
    before,
  ]);
  assert.ok(bind(db, parslRules));
});
