import assert from "node:assert/strict";
import * as dnpc from "dnpc";
import { importRuninfo } from "dnpc/importers";
import { type Database, openDatabase } from "dnpc/sql";
import { inCheckout } from "../../tools/checkout.ts";
import { readNotebook } from "../../tools/notebook.ts";
import { inFolder } from "../sql/engines.ts";
import { assertShown, showNotebook } from "./shown.ts";

const { cells } = await readNotebook(
  inCheckout("notebooks", "ten_questions.ipynb"),
);
const table = cells.find(({ source }) => source.startsWith("| question"))!;
const questions = table.source.split("\n").filter((line) =>
  line.startsWith("|")
).slice(2).map((line) => {
  const [, question, call, monitoring, logs] = line.split("|")
    .map((cell) => cell.trim());
  return { question, call: call!.slice(1, -1), monitoring, logs };
});

Deno.test("ten_questions.ipynb asks each question in at most 60 characters", () => {
  const code = cells.filter(({ cell_type }) => cell_type === "code")
    .map(({ source }) => source);
  assert.equal(questions.length, 10);
  for (const { call } of questions) {
    assert.ok(call.length <= 60, `${call}: ${call.length}`);
    assert.ok(code.includes(`${call};`), call);
  }
});

Deno.test("ten_questions.ipynb answers with the numbers of the logs", async () => {
  const shown = await showNotebook("ten_questions");
  // Tasks with several rows in the table try of monitoring.db.
  assertShown(shown, /^31 of 274 tasks: /m);
  // From "submitted for App" to the last "changing state" in parsl.log.
  assertShown(shown, /^001 +47 +bottom +\S+ +2 +23\.07/m);
  assertShown(shown, /^Failed after 12\.7 s, in 3 tries: ValueError: /m);
});

/** Asks a question of a database: the number of its rows, or the caption. */
function answerOf(call: string, db: Database): string {
  const names = Object.keys(dnpc).concat("db");
  const answer = new Function(...names, `return ${call}`)(
    ...Object.values(dnpc),
    db,
  );
  if (Array.isArray(answer)) return answer.length > 0 ? "yes" : "no rows";
  return /^(No|0) /.test(String(answer.caption)) ? answer.caption : "yes";
}

Deno.test("ten questions have an answer wherever the table says so", () =>
  inFolder(async (folder) => {
    const packed = inCheckout("tests", "fixtures", "multi-htex.tar.gz");
    const { success } = await new Deno.Command("tar", {
      args: ["xzf", packed, "-C", folder],
    }).output();
    assert.ok(success);
    const monitoring = `${folder}/monitoring.db`;
    await Deno.rename(`${folder}/runinfo/monitoring.db`, monitoring);
    for (
      const [source, path] of [
        ["monitoring", monitoring],
        ["logs", `${folder}/runinfo`],
      ] as const
    ) {
      using db = await openDatabase();
      await importRuninfo(db, path);
      for (const question of questions) {
        if (/do not know/.test(question[source]!)) {
          assert.throws(() => answerOf(question.call, db), RangeError);
        } else {
          assert.equal(answerOf(question.call, db), "yes", question.question);
        }
      }
    }
  }));
