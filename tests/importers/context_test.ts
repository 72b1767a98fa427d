import { strict as assert } from "node:assert";
import { importRuninfo, parslRules } from "dnpc/importers";
import { openDatabase, type Rule, spanKey, type Sql, sql } from "dnpc/sql";
import { eventsOf, nestedSpans } from "dnpc/questions";
import { tzLogs, wqLogs } from "./logs.ts";

Deno.test("importRuninfo() puts runs from several imports into one context", async () => {
  using db = await openDatabase();
  const rules: Rule[] = [...parslRules, { context: "campaign" }, {
    context: ["site", "campaign"],
  }];
  const count = (text: string, ...values: string[]) =>
    Object.values(db.query(`SELECT count(*) FROM ${text}`, values)[0]!)[0];
  const campaign = "spring";
  for (const [site, { path }] of [["a", tzLogs], ["b", wqLogs]] as const) {
    await importRuninfo(db, path, { rules, attributes: { campaign, site } });
  }
  assert.equal(count("span WHERE type LIKE 'context.%'"), 3);
  const spanCount = count("span WHERE type NOT LIKE 'context.%'");
  const around = `subspan JOIN span ON span.id = superspan_id
    WHERE span.type = ? AND span.key = ?`;
  // Directly it contains only the campaign's part at each site.
  assert.equal(count(around, "context.campaign", "spring"), 2);
  const inside = (roots: Sql) => db.query(nestedSpans(roots)).length;
  assert.equal(
    inside(sql`SELECT id FROM span WHERE type = 'context.campaign'`),
    spanCount as number + 3,
  );
  const key = spanKey(["a", "spring"]);
  const ofSite = count("span WHERE attributes ->> 'site' = 'a'") as number;
  assert.equal(
    inside(sql`SELECT id FROM span
      WHERE type = 'context.site.campaign' AND key = ${key}`),
    ofSite,
  );

  // The campaign has every event once.
  const events = db.query(eventsOf("context.campaign"));
  assert.equal(events.length, count("event"));

  // Importing again changes no span.
  const before = db.query("SELECT id, type, key FROM span ORDER BY id");
  await importRuninfo(db, tzLogs.path, { rules });
  const after = db.query("SELECT id, type, key FROM span ORDER BY id");
  assert.deepEqual([...after], [...before]);
});
