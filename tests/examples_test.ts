import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { permissionsOf } from "../tools/permissions.ts";

const folder = new URL("../examples/", import.meta.url);

/** Expected output of each example, and the files that it writes. */
const examples: Record<
  string,
  {
    says: RegExp;
    leaves: string[];
    needs?: (folder: string) => Promise<void>;
    args?: string[];
  }
> = {
  "dashboard.ts": {
    says: /dashboard\.html: 2 runs/,
    leaves: ["dashboard.html", "summary.json"],
    needs: async (folder) =>
      Deno.writeTextFileSync(
        `${folder}/summary.json`,
        await dnpc(["summary", fixture, "--json"]),
      ),
  },
  "waiting_for_a_worker.ts": {
    says: /108 spans: mean 17\.61 s, median 4\.17 s.*3 durations are negative/,
    leaves: ["tries_in_each_state.png", "waiting_for_a_worker.svg"],
  },
  // FUNCBIND is ten times in synthetic.log, "Received task: " thirteen times in
  // endpoint.log, "executing task" in the workers' logs.
  "funcx.ts": {
    says: new RegExp(
      [
        /"funcx.client.call", spans: 10, with_call: 10/,
        /"funcx.endpoint.task", spans: 13, with_call: 10/,
        /"funcx.worker.execution", spans: 13, with_call: 10/,
      ].map(({ source }) => source).join(".*"),
      "s",
    ),
    leaves: ["funcx.png"],
  },
  // grep finds 63 launches with an executor id.
  "from_launch_to_worker.ts": {
    says: /63 tries: mean 1\.244 s, median 1\.26 s, 95% within 2\.563 s/,
    leaves: ["from_launch_to_worker.svg", "where_every_task_was.png"],
  },
  // SELECT run_id, count(*) FROM status WHERE task_status_name = 'exec_done'
  "many_runs.ts": {
    says: /000: 107 tries.*001: 138 tries/s,
    leaves: ["campaign", "launched_to_done.png", "tries_in_each_state.png"],
    needs: async (folder) => {
      await dnpc(["import", fixture, "--to", "parquet", `${folder}/campaign`]);
    },
    args: ["campaign"],
  },
};

Deno.test("every example is tested here", () => {
  // campaign/import_runs_test.ts tests the programs of the folder.
  const names = [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile)
    .map(({ name }) => name);
  assert.deepEqual(names.sort(), Object.keys(examples).sort());
});

const fixture = fileURLToPath(
  new URL("fixtures/multi-htex.tar.gz", import.meta.url),
);

async function dnpc(args: string[]): Promise<string> {
  const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissionsOf("dnpc"), cli, ...args],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** The command line in the example's own comment. */
function permissionsIn(name: string): string[] {
  const text = Deno.readTextFileSync(new URL(name, folder));
  const [, flags] = /deno run ((?:-\S+ )+)/.exec(text)!;
  return flags!.trim().split(" ");
}

for (
  const [name, { says, leaves, needs, args = [] }] of Object.entries(examples)
) {
  Deno.test(`examples/${name} prints and writes the expected results`, async () => {
    const cwd = await Deno.makeTempDir();
    try {
      await needs?.(cwd);
      const { success, stdout, stderr } = await new Deno.Command(
        Deno.execPath(),
        {
          args: [
            "run",
            "--no-prompt",
            ...permissionsIn(name),
            fileURLToPath(new URL(name, folder)),
            ...args,
          ],
          cwd,
        },
      ).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      assert.match(new TextDecoder().decode(stdout), says);
      const left = [...Deno.readDirSync(cwd)].map(({ name }) => name);
      assert.deepEqual(left.sort(), leaves);
      for (const file of leaves.filter((name) => name.includes("."))) {
        assert.ok(Deno.statSync(`${cwd}/${file}`).size > 5000);
      }
    } finally {
      await Deno.remove(cwd, { recursive: true });
    }
  });
}
