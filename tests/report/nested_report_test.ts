import { strict as assert } from "node:assert";
import { report } from "dnpc/report";
import { coverage, eventsOf, story } from "dnpc/questions";
import {
  createSchema,
  type Database,
  insertRows,
  openDatabase,
  sql,
} from "dnpc/sql";
import { assertLinear } from "../importers/growth.ts";

/** How spans are nested: the pairs of their places, from 1. */
type Nesting = (length: number) => [outer: number, inner: number][];

const chain: Nesting = (length) =>
  Array.from({ length: length - 1 }, (_, i) => [i + 1, i + 2]);

const nestings: Record<string, Nesting> = {
  "a chain": chain,
  "a ring": (length) => [...chain(length), [length, 1]],
  // Half of the spans are around one of another type, which is around the rest.
  "a knot": (length) =>
    Array.from(
      { length: length - 1 },
      (_, i) => i < length / 2 ? [i + 1, length] : [length, i + 1],
    ),
};

/** Spans of a type, each with a start and an end. */
async function nested(
  type: string,
  nesting: Nesting,
  length: number,
): Promise<Database> {
  const db = await openDatabase(undefined, { engine: "native" });
  createSchema(db);
  db.exec(`
    INSERT INTO span_kind (type, format, identity, role)
      VALUES ('workflow', 'w', '[]', 'run');
    INSERT INTO span (type, key, attributes)
      VALUES ('workflow', 'r', '{"run":"r","rundir":"/d"}')`);
  // The workflow is span 1.
  const ids = Array.from({ length }, (_, i) => i + 2);
  insertRows(
    db,
    "span",
    ["type", "key", "attributes"],
    ids.map((id) => [
      nesting === nestings["a knot"] && id === length + 1 ? "knot" : type,
      `t/${id}`,
      JSON.stringify({ run: "r", rundir: "/d", task: String(id), try: "0" }),
    ]),
  );
  const columns = ["span_id", "time", "type"];
  insertRows(db, "event", columns, ids.map((id) => [id, id, "start"]));
  insertRows(db, "event", columns, ids.map((id) => [id, 1e6 - id, "end"]));
  const pairs = nesting(length).map((pair) => pair.map((place) => place + 1));
  insertRows(db, "subspan", ["superspan_id", "subspan_id"], pairs);
  return db;
}

for (const type of ["otel.span", "parsl.rundir.try"]) {
  for (const [name, nesting] of Object.entries(nestings)) {
    Deno.test(`report() of ${type} nested in ${name} takes linear time`, () =>
      assertLinear(async (length) => {
        using db = await nested(type, nesting, length);
        report(db);
        report(db, { run: "r" });
      }, 500));
  }
}

Deno.test("story() and coverage() of a chain take linear time", async () => {
  for (const name of ["a chain", "a ring"]) {
    await assertLinear(
      async (length) => {
        using db = await nested("parsl.rundir.try", nestings[name]!, length);
        coverage(db);
        const rows = story(db, { try: "0" });
        assert.equal(rows.length, 2 * length);
        assert.ok(rows.every(({ entity }) => entity === 1));
        const roots = sql`SELECT id FROM span WHERE type = 'parsl.rundir.try'`;
        for (const tries of ["parsl.rundir.try", roots]) {
          assert.equal(db.query(eventsOf(tries)).length, 2 * length);
        }
      },
      1000,
      name,
    );
  }
});
