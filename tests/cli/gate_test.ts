import assert from "node:assert/strict";
import type { Gate } from "dnpc/questions";
import { inPlace, output } from "./shell.ts";

// tz has 62 tasks with HTEX, wq 104 with Work Queue, which take longer.
Deno.test("dnpc gate says which limit is exceeded, and exits with 1", () =>
  inPlace(async (place) => {
    const { code, stdout, stderr } = await place.shell(
      "dnpc gate before after",
    );
    assert.equal(stderr, "");
    assert.equal(code, 1);
    const [verdict, ...rest] = stdout.split("\n");
    assert.match(verdict!, /^Slower by more than 10%: time per task \+/);
    const text = rest.join("\n");
    assert.match(
      text,
      /With one run on each side, the spread of repeated runs/,
    );
    assert.match(
      text.replaceAll("\n", " "),
      /the baseline have 62 tasks and the new runs have 104 tasks/,
    );
    assert.match(text, /\nfailed tasks +4\.8% +4\.8% +−0\.031% .* ok\n$/);
    assert.ok(stdout.split("\n").every((line) => line.length <= 80));
  }));

Deno.test("dnpc gate takes databases, campaigns and directories, and exits with 0", () =>
  inPlace(async (place) => {
    await output(place, "dnpc import before --to parquet -o campaign -q");
    await output(place, "dnpc import before -o before.sqlite3 -q");
    const asked = async (line: string) =>
      JSON.parse(await output(place, line)) as Gate;
    const { passed, verdict, measures, ...others } = await asked(
      "dnpc gate before before.sqlite3 --json",
    );
    assert.ok(passed);
    assert.match(verdict, /^Not slower by more than 10%: time per task 0%/);
    assert.deepEqual(others.new, others.baseline);
    // grep -c "submitted for App" before/000/parsl.log
    assert.deepEqual([others.new.runs, others.new.tasks], [1, 62]);
    assert.ok(
      measures.every(({ new: own, baseline, result }) =>
        own === baseline && result === "ok"
      ),
    );
    const inCampaign = await asked("dnpc gate campaign before --json");
    assert.deepEqual(
      inCampaign.measures.map(({ measure, result }) => [measure, result]),
      measures.map(({ measure, result }) => [measure, result]),
    );
    const summed = await asked(
      "dnpc gate before after --json --no-steps --max-slower 5000% --max-failed 1%",
    );
    assert.deepEqual(
      summed.measures.map(({ measure }) => measure),
      ["time of a run", "time per task", "failed tasks"],
    );
    assert.deepEqual([summed.max_slower, summed.max_failed], [50, 0.01]);
  }));

Deno.test("dnpc gate exits with 125 if nothing can be judged", () =>
  inPlace(async ({ folder, shell }) => {
    await Deno.mkdir(`${folder}/empty`);
    await shell(`sqlite3 birds.sqlite3 "CREATE TABLE bird (name)"`);
    for (
      const [line, says] of [
        ["dnpc gate before", /dnpc gate needs NEW: the runs to judge/],
        ["dnpc gate before nowhere", /there is no nowhere/],
        ["dnpc gate before birds.sqlite3", /none of dnpc's tables, but bird/],
        ["dnpc gate before empty", /nothing here that an importer reads/],
        ["dnpc gate before after --max-slower 10", /a percentage such as 10%/],
        ["dnpc gate before after --max-slow 10%", /Did you mean --max-slower/],
        ["dnpc gate before after --max-failed -1%", /a percentage such as 10%/],
        [
          "dnpc gate before runinfo/000/htex_Local/interchange.log",
          /there is nothing to compare: the new runs have no task that ended/,
        ],
      ] as const
    ) {
      const { code, stdout, stderr } = await shell(line);
      assert.equal(code, 125, line);
      assert.equal(stdout, "", line);
      assert.match(stderr, says, line);
    }
  }));
