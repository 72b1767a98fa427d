import { strict as assert } from "node:assert";
import { inCheckout } from "../../tools/checkout.ts";

// A heap, which holds no typed arrays, shows objects and texts.
Deno.test("report() of 40,000 tries fits into a heap of 40 MB", async () => {
  const program = `
    import { report } from "dnpc/report";
    import { createSchema, insertRows, openDatabase } from "dnpc/sql";
    using db = await openDatabase(undefined, { engine: "native" });
    createSchema(db);
    const tries = Array.from({ length: 40_000 }).keys();
    insertRows(
      db,
      "span",
      ["type", "key", "attributes"],
      tries.map((task) => ["parsl.rundir.try", String(task), JSON.stringify(
        { rundir: "/somewhere/000", run: "a", task: String(task), try: "0" },
      )]),
    );
    db.run(\`INSERT INTO event_type (type) VALUES
      ('pending'), ('launched'), ('exec_done')\`);
    db.run(\`INSERT INTO event_row (span_id, time, type_id)
      SELECT span.id, 1795347184 + span.id % 997 + event_type.id, event_type.id
      FROM span CROSS JOIN event_type\`);
    console.log(report(db).length);`;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--v8-flags=--max-old-space-size=40", "--ext=ts", program],
    cwd: inCheckout(),
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  assert.ok(parseInt(new TextDecoder().decode(stdout)) > 100_000);
});
