import assert from "node:assert/strict";
import {
  extractRecursions,
  replaceTables,
} from "../../campaign/sql_rewriting.ts";

Deno.test("replaceTables() replaces tables after FROM and JOIN, with the names they have", () => {
  const own = (table: string) =>
    table === "span" || table === "event" ? `own ${table}` : undefined;
  for (
    const [text, expected] of [
      ["SELECT span.id FROM span", "SELECT span.id FROM (own span) AS span"],
      [
        "FROM span AS s JOIN event e ON 1",
        "FROM (own span) AS s JOIN (own event) e ON 1",
      ],
      [
        "FROM span JOIN event USING (id)",
        "FROM (own span) AS span JOIN (own event) AS event USING (id)",
      ],
      [
        "SELECT 'FROM span' FROM \"span\", step",
        "SELECT 'FROM span' FROM \"span\", step",
      ],
      [
        "SELECT extract(year FROM time) FROM other.span",
        "SELECT extract(year FROM time) FROM other.span",
      ],
      // A part of a WITH hides the table.
      [
        "WITH a AS (FROM span), event (x) AS (SELECT 1) SELECT x FROM event",
        "WITH a AS (FROM (own span) AS span), event (x) AS (SELECT 1) SELECT x FROM event",
      ],
    ] as const
  ) assert.equal(replaceTables(text, own), expected);
});

Deno.test("extractRecursions() takes out those with UNION, the inner one first", () => {
  const inner = `WITH RECURSIVE edge AS (SELECT 1 AS a, 2 AS b),
    found (a, b) AS (SELECT a, b FROM edge UNION
      SELECT found.a, edge.b FROM found JOIN edge ON edge.a = found.b)
    SELECT b FROM found`;
  const { text, recursions } = extractRecursions(
    `WITH RECURSIVE
      n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3),
      reached (x) AS (SELECT b FROM (${inner}) UNION SELECT x + 1 FROM reached)
    SELECT x FROM reached JOIN n ON i = x WHERE x IN (${inner})`,
  );
  const plain = (text: string) => text.replace(/\s+/g, " ").trim();
  // The same recursion is there once.
  assert.deepEqual(recursions.map(({ view, name }) => [view, name]), [
    ["recursion_0", "found"],
    ["recursion_1", "reached"],
  ]);
  const [first, second] = recursions;
  assert.deepEqual(first!.columns, ["a", "b"]);
  assert.equal(
    plain(first!.step),
    "WITH RECURSIVE edge AS (SELECT 1 AS a, 2 AS b) SELECT found.a, edge.b FROM found JOIN edge ON edge.a = found.b",
  );
  assert.match(
    plain(second!.seed),
    /found \(a, b\) AS \(SELECT \* FROM recursion_0\)/,
  );
  assert.match(
    plain(second!.step),
    /^WITH RECURSIVE n \(i\) AS .* SELECT x \+ 1 FROM reached$/,
  );
  assert.match(
    plain(text),
    /n \(i\) AS \(SELECT 1 UNION ALL .* reached \(x\) AS \(SELECT \* FROM recursion_1\) SELECT x/,
  );
});
