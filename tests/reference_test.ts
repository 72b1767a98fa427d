import { importJsonLog, importRuninfo, openDatabase } from "dnpc";
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { inCheckout } from "../tools/checkout.ts";
import { referencePages, writeApiPages } from "../tools/reference.ts";
import { dnpcTables, monitoringTables } from "../tools/reference/schema.ts";

Deno.test("docs/reference/ is up to date with the comments in the code", async () => {
  for (const [name, text] of await referencePages()) {
    const path = inCheckout("docs", "reference", name);
    assert.ok(
      Deno.readTextFileSync(path) === text,
      `docs/reference/${name} is old: run "deno task reference"`,
    );
  }
});

Deno.test("the web pages of the reference contain every public name", async () => {
  const output = await Deno.makeTempDir();
  try {
    await writeApiPages(output);
    for (
      const door of [
        "sql",
        "questions",
        "importers",
        "plots",
        "report",
        "campaign",
      ]
    ) {
      for (const name of Object.keys(await import(`dnpc/${door}`))) {
        assert.ok(existsSync(`${output}/${door}/~/${name}.html`), name);
      }
    }
  } finally {
    await Deno.remove(output, { recursive: true });
  }
});

Deno.test("the schema in docs/reference/ matches a database", async () => {
  using db = await openDatabase();
  await importRuninfo(db, inCheckout("tests", "fixtures", "wq"));
  for (
    const { name, columns } of [
      ...dnpcTables.tables,
      ...monitoringTables.tables,
    ]
  ) {
    const documented = columns.flatMap(({ names, types }) =>
      names.map((name, i) => `${name} ${types[i]}`)
    );
    const made = db.query<{ column: string }>(
      "SELECT name || ' ' || type AS column FROM pragma_table_info(?)",
      [name],
    ).map(({ column }) => column);
    // Versions of Parsl append columns of their own.
    assert.deepEqual(made.slice(0, documented.length), documented, name);
  }
});

Deno.test("the queries in docs/reference/schema.md return rows", async () => {
  using db = await openDatabase();
  // Each table has rows in one of the databases.
  await importRuninfo(db, inCheckout("tests", "fixtures", "wq"));
  await importRuninfo(db, inCheckout("tests", "fixtures", "tz"));
  const log = inCheckout("tests", "fixtures", "academy", "counter.jsonlog");
  await importJsonLog(db, log);
  for (const { tables } of [dnpcTables, monitoringTables]) {
    for (const { name, examples } of tables) {
      assert.ok(examples.length > 0, `${name} has an example`);
      for (const { title, sql } of examples) {
        assert.ok(db.query(sql).length > 0, `${title} of ${name}`);
      }
    }
  }
});
