import { importAcademyLog } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { strict as assert } from "node:assert";
import { rows } from "./databases.ts";
import { archive, nestedTypes } from "./logs.ts";

// Expected numbers come from Python: it counts records by their members.
const events = (type: string) => `
  SELECT event.type, count(*) FROM event JOIN span ON span.id = span_id
  WHERE span.type = '${type}' AND named GROUP BY 1 ORDER BY 1`;

const academy = archive("academy");

Deno.test({
  name: "importAcademyLog() reads actions on both sides, agents and messages",
  ignore: academy.ignore,
  fn: async () => {
    using db = await openDatabase();
    const report = await importAcademyLog(db, academy.path);
    const [source] = report.sources;
    assert.deepEqual([source?.lines, source?.malformed], [994, 0]);
    assert.deepEqual(rows(db, events("academy.action")), [
      ["exception", 3],
      ["execute_exception", 3],
      ["execute_start", 66],
      ["execute_success", 63],
      ["sending", 66],
      ["start", 66],
      ["success", 63],
      ["waiting", 66],
    ]);
    assert.deepEqual(rows(db, events("academy.message")), [
      ["request_received", 69],
      ["request_sent", 69],
      ["response_received", 69],
      ["response_sent", 69],
    ]);
    assert.deepEqual(rows(db, nestedTypes), [
      ["academy.action", "academy.message", 66],
      ["academy.agent", "academy.action", 66],
    ]);
    assert.equal(report.bindings?.unbound, 0);
    // jq -r 'select(."academy.action_state"=="start") | ."academy.agent_id"'
    assert.deepEqual(
      rows(
        db,
        `SELECT attributes ->> 'agent_id', count(*) FROM span
       WHERE type = 'academy.action' GROUP BY 1 ORDER BY 1`,
      ),
      [["AgentId<714d0afa>", 22], ["AgentId<a3d6775a>", 22], [
        "AgentId<d11f48f8>",
        22,
      ]],
    );
    assert.deepEqual(
      rows(
        db,
        `SELECT DISTINCT attributes ->> 'action', attributes ->> 'exception',
         attributes ->> 'exception_message' FROM span
       WHERE attributes ->> 'exception' IS NOT NULL`,
      ),
      [["bad", "ValueError", "multi\nline 100%"]],
    );
  },
});

Deno.test("importAcademyLog() follows an agent from its registration to its end", async () => {
  using db = await openDatabase();
  await importAcademyLog(db, "tests/fixtures/academy/counter.jsonlog");
  assert.deepEqual(
    rows(
      db,
      `SELECT key LIKE '%AgentId%', group_concat(event.type, ' ' ORDER BY line)
       FROM event JOIN span ON span.id = span_id
       WHERE span.type = 'academy.agent' AND named GROUP BY key`,
    ).map(([, events]) => events),
    Array(2).fill(
      "registered launched launching starting running shutting_down closed " +
        "shut_down completed",
    ),
  );
});
