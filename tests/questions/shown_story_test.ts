import { story } from "dnpc/questions";
import { strict as assert } from "node:assert";
import { larger, onLogs, tzLogs } from "../importers/logs.ts";

/** What a cell or a terminal shows. */
function shownText(rows: object[]): string {
  const show: () => Record<string, string> = Reflect.get(
    rows,
    Symbol.for("Jupyter.display"),
  );
  return show.call(rows)["text/plain"]!;
}

onLogs(
  "story() shows as text of 80 columns, one part a run",
  [larger("mon-htex")],
  (db) => {
    const text = shownText(story(db, { task: 136 }));
    assert.ok(text.split("\n").every((line) => line.length <= 80));
    const parts = text.split("\n\nRun ");
    assert.equal(parts.length, 2);
    for (const [i, part] of parts.entries()) {
      assert.match(
        part,
        RegExp(
          `00${i}, task 136, app always_fails\\n` +
            "Failed after [\\d.]+ s, in 3 tries: ValueError: task 0 always fails",
        ),
      );
      assert.match(part, /\n2026-11-22, times in UTC\n/);
      assert.match(
        part,
        /\n {4}Traceback \(most recent call last\):\n {6}File/,
      );
      assert.match(part, /; also\s+monitoring/);
      assert.doesNotMatch(part, /null|\{"table"/);
    }
    // The first line of the task: grep -n "Task 136 will be sent" parsl.log
    assert.match(
      text.replace(/\s+/g, " "),
      / 10:40:43\.\d{3} MainThread@MainProcess-8690: Task 136 will be sent to /,
    );
  },
);

onLogs(
  "story() still reads as text when it is filtered, and is a table when it is mapped",
  [tzLogs],
  (db) => {
    const events = story(db, { task: 41 });
    const failures = events.filter(({ exception }) => exception !== null);
    assert.match(
      shownText(failures),
      /^Run 000, task 41, app always_fails\nFailed after [^]*ERROR:\s+Task 41 failed/,
    );
    assert.match(shownText(events.slice(0, 1)), /\(parsl\.log:551\)$/);
    assert.match(
      shownText(events.map(({ text }) => ({ text }))),
      /^text\n─+\nTask 41 will be sent to executor htex_Local\n/,
    );
  },
);
