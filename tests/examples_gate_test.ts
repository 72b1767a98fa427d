import assert from "node:assert/strict";
import { inCheckout } from "../tools/checkout.ts";
import { inPlace, output } from "./cli/shell.ts";
import { repeatedRuns } from "./questions/repeated_runs.ts";

/** `deno task test:parsl` sets it: a Python with Parsl. */
const python = Deno.env.get("DNPC_PARSL_PYTHON");

const workflow = Deno.readTextFileSync(inCheckout("examples/gate/gate.yml"));

/** The shell lines of a step, as typed. */
function step(name: string): string {
  const [, rest = ""] = workflow.split(`- name: ${name}\n`);
  const [, block, line] = /^ +run: (?:\|\n((?: {10}.*\n)+)|(.+))/.exec(rest) ??
    [];
  return block?.replaceAll(/^ {10}/gm, "") ?? line!;
}

Deno.test({
  name: "the last step of examples/gate fails slower runs, and no others",
  // `deno task test` runs it.
  ignore: python !== undefined,
  fn: () =>
    inPlace(async ({ folder, shell }) => {
      const unpacked = async (set: string, name: string) => {
        const { code } = await shell(
          `rm -rf ${name} && tar xzf ${repeatedRuns(set)} && mv ${set} ${name}`,
        );
        assert.equal(code, 0);
      };
      await unpacked("2026", "runs-baseline");
      await unpacked("again", "runs-new");
      const same = await shell(step("Judge"));
      assert.equal(same.code, 0, same.stderr);
      assert.match(same.stdout, /^Not slower by more than 20%/);
      await unpacked("slower", "runs-new");
      const slower = await shell(step("Judge"));
      assert.equal(slower.code, 1);
      assert.match(
        slower.stdout,
        /^Slower by more than 20%.*: in a worker\s\+57%/,
      );
      assert.ok(Deno.statSync(folder).isDirectory);
    }),
});

Deno.test({
  name: "the steps of examples/gate run a workflow, install dnpc, and judge",
  ignore: python === undefined,
  fn: () =>
    inPlace(async (place) => {
      const { folder, shell } = place;
      const environment = python!.replace(/\/bin\/\w+$/, "");
      for (const version of ["baseline", "new"]) {
        await Deno.symlink(environment, `${folder}/venv-${version}`);
      }
      await Deno.mkdir(`${folder}/new/.github/workflows`, { recursive: true });
      await Deno.copyFile(
        inCheckout("examples/gate/gate_workflow.py"),
        `${folder}/new/.github/workflows/gate_workflow.py`,
      );
      await Deno.symlink(inCheckout(), `${folder}/dnpc`);
      // Two of the five rounds.
      const runs = step("Run a workflow five times with each")
        .replace("1 2 3 4 5", "1 2");
      const ran = await shell(runs);
      assert.equal(ran.code, 0, ran.stderr);
      const own = `export HOME=${folder} NPM_CONFIG_PREFIX=${folder}/npm ` +
        `GITHUB_PATH=${folder}/path PATH=${folder}/npm/bin:$PATH; `;
      const installed = await shell(own + step("Install dnpc"));
      assert.equal(installed.code, 0, installed.stderr);
      const judged = await shell(
        `${own} rm bin/dnpc; PATH=$(cat path):$PATH; ` +
          step("Judge").replace("20%", "900%") + " --json",
      );
      assert.equal(judged.code, 0, judged.stderr);
      const { new: { runs: count, tasks } } = JSON.parse(judged.stdout);
      assert.deepEqual([count, tasks], [2, 2 * 201]);
      await output(place, "ls runs-baseline/000/parsl.log");
    }),
});
