import { openCampaign } from "dnpc/campaign";
import {
  type AnsweringRuns,
  answersOfRun,
  failures,
  type RunAnswers,
  runs,
  story,
  summary,
} from "dnpc/questions";
import { openDatabase } from "dnpc/sql";
import assert from "node:assert/strict";
import {
  exportFixtures,
  fixture,
  partitionsOf,
  temporaryFolder,
} from "./campaigns.ts";

const set = "failures.tar.gz";

Deno.test("summary(), failures() and runs() of a campaign are those of a database", async () => {
  await using folder = await temporaryFolder();
  await exportFixtures(folder.path, set);
  using db = await openDatabase(await fixture(set), { readOnly: true });
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value));
  using campaign = await openCampaign(folder.path, { threads: 2 });
  // Computed by two threads, and then read.
  for (const _ of ["computed", "kept"]) {
    const found = await summary(campaign);
    assert.deepEqual(plain(found), plain(summary(db)));
    assert.equal(
      Deno.inspect(await failures(campaign)).split("Tracebacks")[0],
      Deno.inspect(failures(db)).split("Tracebacks")[0],
    );
  }
  assert.deepEqual(plain(await failures(campaign)), plain(failures(db)));
  assert.deepEqual(plain(await runs(campaign)), plain(runs(db)));
  const [run] = await runs(campaign, { run: "002" });
  assert.equal(run!.run, "002");
  const one = await summary(campaign, { run: "001" });
  assert.deepEqual(plain(one), plain(summary(db, { run: "001" })));
  assert.match(
    one.toString(),
    /workerTime\(await campaign.database\("001"\)\)/,
  );
  await assert.rejects(
    async () => await failures(campaign, { executor: "htex" } as object),
    /name a run, as in failures\(await campaign.database\("000"\), { executor }\)/,
  );
});

Deno.test("a campaign says how many of its runs have no log of Parsl, and names runs by labels", async () => {
  await using folder = await temporaryFolder();
  await exportFixtures(
    folder.path,
    "tz/runinfo",
    "htex-head/runinfo",
    "taskvine/colmena.txn.log",
  );
  using campaign = await openCampaign(folder.path);
  assert.match(
    Deno.inspect(campaign),
    /: 2 runs, 1 other without a log of Parsl$/,
  );
  assert.match(
    `${await summary(campaign)}`.replace("\n", " "),
    /^2 runs, 65 tasks, 3 failed.*; 1 queue without a log of Parsl\./,
  );
  using db = await campaign.database("tz/runinfo/000");
  const display = Symbol.for("Jupyter.display") as unknown as keyof object;
  const shown = story(db, { task: 3 })[display] as unknown as () => object;
  assert.match(
    Object.values(shown()).join("\n"),
    /Run tz\/runinfo\/000, task 3, app bottom\n/,
  );
});

Deno.test("summary() of a campaign is kept in the directories of runs, and goes with them", async () => {
  await using folder = await temporaryFolder();
  const [one, two] = [`${folder.path}/one`, `${folder.path}/two`];
  await exportFixtures(one, "tz/runinfo");
  await exportFixtures(two, "htex-head/runinfo");
  const [first] = partitionsOf(one);
  const kept = `${one}/${first}/summary.json`;
  {
    using campaign = await openCampaign(one);
    assert.equal((await summary(campaign)).runs[0]!.tasks, 62);
    const text = await Deno.readTextFile(kept);
    await Deno.writeTextFile(kept, text.replace('"tasks":62', '"tasks":63'));
    assert.equal((await summary(campaign)).runs[0]!.tasks, 63);
    await Deno.writeTextFile(kept, text.replace('"dnpc":"', '"dnpc":"9.'));
    assert.equal((await summary(campaign)).runs[0]!.tasks, 62);
  }
  for (const run of partitionsOf(two)) {
    await Deno.rename(`${two}/${run}`, `${one}/${run}`);
  }
  // A file that cannot be written.
  await Deno.remove(kept);
  await Deno.mkdir(kept);
  using campaign = await openCampaign(one);
  const { runs } = await summary(campaign);
  assert.deepEqual(runs.map(({ run, tasks }) => [run, tasks]), [
    ["htex-head/runinfo/000", 3],
    ["tz/runinfo/000", 62],
  ]);
});

Deno.test("summary() of a campaign names a run that is damaged, and leaves it out", async () => {
  await using folder = await temporaryFolder();
  await exportFixtures(folder.path, set);
  const [first] = partitionsOf(folder.path);
  const file = `${folder.path}/${first}/event.parquet`;
  await Deno.writeFile(file, (await Deno.readFile(file)).fill(0, 4, 2000));
  const told: string[] = [];
  using campaign = await openCampaign(folder.path, {
    warn: (text) => told.push(text),
  });
  assert.equal((await summary(campaign)).runs.length, 2);
  assert.match(told.join(), /^[^,]* is left out: .*event.parquet is damaged/);
  assert.equal(told.length, 1);
});

Deno.test("summary() of a thousand runs is a screen about all of them", async () => {
  using db = await openDatabase(await fixture("tz/runinfo"), {
    readOnly: true,
  });
  const text = JSON.stringify(answersOfRun(db));
  const labels = Array.from({ length: 1000 }, (_, i) => `run-${i}`);
  const answers = labels.map((label, i): RunAnswers => {
    const one: RunAnswers = JSON.parse(text.replaceAll('"000"', `"${label}"`));
    const [run] = one.summary.runs;
    run!.has_ended = i !== 700;
    run!.length_seconds = i === 300 ? 100 : i === 700 ? null : 10;
    for (const place of one.summary.typical_tasks) place.median_seconds = i;
    return one;
  });
  const asked: AnsweringRuns = {
    runs: labels,
    query: () => Promise.reject(),
    answers: (name) => Promise.resolve(answers.map((one) => one[name])),
  };
  const found = await summary(asked);
  const shown = found.toString();
  assert.ok(shown.split("\n").length <= 40);
  assert.match(shown, /^1,000 runs, 1 did not end, 62,000 tasks, 3,000 failed/);
  assert.match(shown, /run-700 .*did not end/);
  assert.match(shown, /run-300 .*took 90 s longer than usual/);
  assert.match(shown, /compare\(campaign, { runs: \["run-\d+","run-300"\] }\)/);
  // Medians of 0 to 999.
  assert.match(shown, /median run {2}500 s /);
  // In each run a task of always_fails, and one that depends on it.
  assert.match(shown, /always fails: 2,000 tasks failed/);
  assert.equal(found.runs.length, 1000);
  assert.deepEqual(found.failures[0]!.runs.length, 1000);
});
