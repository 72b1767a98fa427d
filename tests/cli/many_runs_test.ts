import assert from "node:assert/strict";
import { inPlace, output, rowsOf } from "./shell.ts";

Deno.test("dnpc trends, outliers and factors ask about many runs", () =>
  inPlace(async (place) => {
    const summary = await output(
      place,
      "dnpc trends runs.sqlite3 --summary --no-header",
    );
    // grep -c "submitted for App" parsl.log
    assert.match(summary, /^1 run on \S+: 62 tasks, 3 failed\.\nToo few/);
    const months = rowsOf(
      await output(place, "dnpc trends runs.sqlite3 --per month --by app"),
    );
    assert.ok(months.length > 10);
    assert.ok(months.every(({ run, runs }) => run === "" && runs === "1"));
    const { stderr } = await place.shell("dnpc trends runs.sqlite3 -o t.svg");
    assert.match(stderr, /^dnpc: drew t\.svg: 1 run: /);
    const factors = rowsOf(
      await output(
        place,
        "dnpc factors runs.sqlite3 --by app --by worker --from " +
          "parsl.rundir.try/launched --to parsl.rundir.try/exec_done",
      ),
    );
    assert.deepEqual(factors.map(({ attribute }) => attribute), [
      "app",
      "worker",
    ]);
    assert.equal(await output(place, "dnpc outliers runs.sqlite3"), "");
    const wrong = await place.shell(
      "dnpc factors runs.sqlite3 --from parsl.rundir.try/launched",
    );
    assert.equal(wrong.code, 125);
    assert.match(wrong.stderr, /--from and --to belong together/);
  }));
