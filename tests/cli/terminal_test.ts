import assert from "node:assert/strict";
import { openDatabase } from "dnpc/sql";
import { inCheckout } from "../../tools/checkout.ts";
import { inPlace } from "./shell.ts";
import { inTerminal } from "./terminal.ts";

/** Writes a log that takes seconds to import: 500 copies of a real one. */
async function longLog(folder: string): Promise<void> {
  const log = inCheckout("tests", "fixtures", "tz", "runinfo/000/parsl.log");
  await Deno.mkdir(`${folder}/long/000`, { recursive: true });
  const bytes = await Deno.readFile(log);
  using file = await Deno.create(`${folder}/long/000/parsl.log`);
  for (let i = 0; i < 500; i++) file.writeSync(bytes);
}

Deno.test("dnpc import stops at Ctrl-C, completes on the next run, and shows a one-line progress that it erases", () =>
  inPlace(async ({ folder }) => {
    await longLog(folder);
    const args = ["import", "long", "-o", "new.sqlite3"];
    const pressed = await inTerminal(folder, args, { pressing: " MB, " });
    // Killed by the signal, so that a calling script stops too.
    assert.equal(pressed.code, -2, pressed.shown);
    const { code, shown } = await inTerminal(folder, args, { columns: 30 });
    assert.equal(code, 0, shown);
    using db = await openDatabase(`${folder}/new.sqlite3`, { readOnly: true });
    assert.deepEqual([...db.query("SELECT lines FROM source")], [
      { lines: 712_500 },
    ]);
    assert.deepEqual([...db.query("PRAGMA integrity_check")], [
      { integrity_check: "ok" },
    ]);

    const [before, ...lines] = shown.split("\r\x1b[K");
    const report = lines.pop()!;
    assert.equal(before, "");
    assert.ok(lines.length > 2, shown);
    for (const line of lines) {
      assert.ok(line.length < 30, line);
      assert.match(line, /^\d+% of 12\d MB, |^[a-z ]+/);
    }
    // grep -c "submitted for App" is 62.
    assert.match(report, /^1 run, 62 tasks, 3 failed, /);
    assert.ok(!report.includes("\x1b"), report);
  }));

Deno.test("dnpc writes no control character of its data or arguments to a terminal", () =>
  inPlace(async ({ folder }) => {
    const hostile =
      "char(27) || '[31mred' || char(8238) || char(7) || char(155)";
    for (const format of ["table", "csv", "tsv", "json", "ndjson"]) {
      const query =
        `SELECT ${hostile} AS text, char(27) || ']0;x' AS "a${"\x1b"}"`;
      const args = ["sql", "runs.sqlite3", query, "--format", format];
      const { code, shown } = await inTerminal(folder, args);
      assert.equal(code, 0, shown);
      assert.match(shown, /red/);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(shown, /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]/);
    }
    // Also in error messages about arguments.
    const wrong = ["story", "runs.sqlite3", "ta\x1b[31msk=1"];
    const { code, shown } = await inTerminal(folder, wrong);
    assert.notEqual(code, 0);
    assert.ok(!shown.includes("\x1b"), shown);
  }));
