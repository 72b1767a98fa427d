import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { inPlace, output, type Place } from "../cli/shell.ts";
import { partitionsOf } from "./campaigns.ts";

/** `deno task test:parsl` sets it: a Python with Parsl. */
const python = Deno.env.get("DNPC_PARSL_PYTHON");
const ignore = python === undefined;

const program = (name: string) => inCheckout("examples", "campaign", name);
const sets = "cut htex-quiet htex-worker-killed mpi threads two-executors"
  .split(" ");

/** Runs in `work`, of which the first is damaged. */
const inRuns = (work: (place: Place) => Promise<void>) =>
  inPlace(async (place) => {
    for (const set of sets) {
      const tarball = inCheckout(`tests/fixtures/workers/${set}.tar.gz`);
      const folder = `runs/${set}`;
      await output(
        place,
        `mkdir -p ${folder} && tar xzf ${tarball} -C ${folder}`,
      );
    }
    await output(place, "mkdir runs/a && printf 'a\\0b' > runs/a/parsl.log");
    await work(place);
  });

/** The launches of these runs are all in the campaign, as in the logs. */
async function assertTries(place: Place, runs = "*"): Promise<void> {
  const imported = await output(
    place,
    `dnpc sql campaign "SELECT count(*) AS tries FROM step
      WHERE root_type = 'parsl.rundir.try' AND span_type = root_type
        AND event_type = 'launched' GROUP BY run ORDER BY tries" --no-header`,
  );
  const logged = await output(
    place,
    `grep -hc "launched on executor" runs/${runs}/runinfo/000/parsl.log`,
  );
  const sorted = logged.split("\n").filter((count) => count !== "").map(Number)
    .sort((a, b) => a - b);
  assert.equal(imported, sorted.join("\n") + "\n");
}

/** The exit code of import_runs.py, ended by a signal after the first run. */
async function interruptedCode({ folder }: Place): Promise<number> {
  const process = new Deno.Command(python!, {
    args: [program("import_runs.py"), "campaign", "runs"],
    cwd: folder,
    env: { PATH: `${folder}/bin:${Deno.env.get("PATH")}` },
    stdout: "piped",
  }).spawn();
  let text = "";
  let isKilled = false;
  const output = process.stdout.pipeThrough(new TextDecoderStream());
  for await (const chunk of output) {
    text += chunk;
    if (!isKilled && text.includes("added")) process.kill("SIGTERM");
    isKilled ||= text.includes("added");
  }
  const { code } = await process.status;
  return code;
}

/** The directories of runs, when no worker writes to the campaign any more. */
async function runsAtRest(dir: string): Promise<string[]> {
  const isRun = (name: string) => name.startsWith("run=");
  for (let i = 0; i < 200; i++) {
    const names = partitionsOf(dir).filter((name) => name !== ".imported");
    if (names.every(isRun)) return names;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail("an import left something half done");
}

Deno.test({
  name:
    "import_runs.py goes on after an interruption, and names what is damaged",
  ignore,
  fn: () =>
    inRuns(async (place) => {
      assert.equal(await interruptedCode(place), 143);
      const before = await runsAtRest(`${place.folder}/campaign`);
      assert.ok(before.length > 0 && before.length < sets.length);
      const command = `${python} ${program("import_runs.py")} campaign runs`;
      const { code, stdout, stderr } = await place.shell(command);
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^not imported: \S+\/runs\/a: there is nothing here that an importer reads/m,
      );
      assert.match(stdout, /^6 of 7 are in campaign$/m);
      const count = (outcome: string) => stdout.split(outcome).length - 1;
      assert.equal(count("1 run already there"), before.length);
      assert.equal(count("1 run added"), sets.length - before.length);
      await assertTries(place);
    }),
});

Deno.test({
  name: "import_runs.py takes a configuration, a list, and runs one by one",
  ignore,
  fn: () =>
    inRuns(async (place) => {
      await Deno.writeTextFile(
        `${place.folder}/my_config.py`,
        "import parsl\n" +
          "config = parsl.Config(executors=[parsl.ThreadPoolExecutor()])\n",
      );
      await output(place, `python3 ${program("find_runs.py")} runs > runs.txt`);
      const { stdout } = await place.shell(
        `${python} ${program("import_runs.py")} campaign @runs.txt \\
          --config my_config.py; ls -d *_runinfo runinfo/[01]*`,
      );
      assert.match(stdout, /^6 of 7 are in campaign$/m);
      // Its own run is not beside those that it imports.
      assert.match(stdout, /\nimport_runinfo\nruninfo\/000\n$/);
      await assertTries(place);
    }),
});

Deno.test({
  name: "find_runs.py takes a monitoring.db and all runs beside it as one",
  ignore,
  fn: () =>
    inRuns(async (place) => {
      // Parsl wrote no log of its own.
      await Deno.remove(`${place.folder}/runs/cut/runinfo/000/parsl.log`);
      const found = await output(
        place,
        `python3 ${program("find_runs.py")} runs/threads runs runs.sqlite3`,
      );
      const real = await Deno.realPath(place.folder);
      const paths = found.trimEnd().split("\n")
        .map((path) => path.replace(`${real}/`, ""));
      assert.deepEqual(paths, [
        "runs/threads/runinfo/000",
        "runs/a",
        "runs/cut/runinfo/000",
        "runs/htex-quiet/runinfo/000",
        "runs/htex-worker-killed/runinfo/000",
        "runs/mpi/runinfo",
        "runs/two-executors/runinfo/000",
        "runs.sqlite3",
      ]);
    }),
});

Deno.test({
  name: "import_runs.sh and a Slurm array import each run of a list once",
  ignore,
  fn: () =>
    inRuns(async (place) => {
      await output(place, `python3 ${program("find_runs.py")} runs > runs.txt`);
      // The damaged run and two others; the array imports all of them.
      const one = await place.shell(
        `grep -E "/(a|cut|mpi)(/|$)" runs.txt > some.txt
        JOBS=2 sh ${program("import_runs.sh")} campaign some.txt`,
      );
      assert.equal(one.code, 123);
      assert.match(one.stderr, /runs\/a: there is nothing here/);
      await assertTries(place, "[cm]*");
      await Deno.remove(`${place.folder}/campaign`, { recursive: true });
      // What Slurm would set: seven runs, three jobs.
      const codes = [];
      for (const id of [3, 4, 5]) {
        const { code } = await place.shell(
          `SLURM_ARRAY_TASK_ID=${id} SLURM_ARRAY_TASK_MIN=3 \\
            SLURM_ARRAY_TASK_COUNT=3 SLURM_CPUS_PER_TASK=2 \\
            bash ${program("import_runs.sbatch")} campaign runs.txt`,
        );
        codes.push(code);
        const runs = await runsAtRest(`${place.folder}/campaign`);
        // The first job has three lines, one of them of the damaged run.
        assert.equal(runs.length, [2, 4, 6][id - 3]);
      }
      assert.deepEqual(codes, [123, 0, 0]);
      await assertTries(place);
    }),
});
