import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const folder = new URL("../examples/", import.meta.url);

/** What each example says, and leaves in the directory that it runs in. */
const examples: Record<string, { says: RegExp; leaves: string[] }> = {
  "waiting_for_a_worker.ts": {
    says: /108 spans: mean 17\.61 s, median 4\.17 s.*3 durations are negative/,
    leaves: ["tries_in_each_state.png", "waiting_for_a_worker.svg"],
  },
  // FUNCBIND is ten times in synthetic.log, "Received task: " thirteen times in
  // endpoint.log, "executing task" in the workers' logs.
  "funcx.ts": {
    says: new RegExp(
      [
        /"funcx.client.call", spans: 10, of_the_client: 10/,
        /"funcx.endpoint.task", spans: 13, of_the_client: 10/,
        /"funcx.worker.execution", spans: 13, of_the_client: 10/,
      ].map(({ source }) => source).join(".*"),
      "s",
    ),
    leaves: ["funcx.png"],
  },
  // 63 tries were launched with an executor id, says grep.
  "from_launch_to_worker.ts": {
    says: /63 spans: mean 1\.244 s, median 1\.26 s, 95 % 2\.563 s/,
    leaves: ["from_launch_to_worker.svg", "where_every_task_was.png"],
  },
};

Deno.test("every example is tested here", () => {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assert.deepEqual(names.sort(), Object.keys(examples).sort());
});

for (const [name, { says, leaves }] of Object.entries(examples)) {
  Deno.test(`examples/${name} runs, and leaves what it says`, async () => {
    const cwd = await Deno.makeTempDir();
    try {
      const { success, stdout, stderr } = await new Deno.Command(
        Deno.execPath(),
        {
          args: ["run", "--allow-all", fileURLToPath(new URL(name, folder))],
          cwd,
        },
      ).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      assert.match(new TextDecoder().decode(stdout), says);
      const left = [...Deno.readDirSync(cwd)].map(({ name }) => name);
      assert.deepEqual(left.sort(), leaves);
      for (const file of leaves) {
        assert.ok(Deno.statSync(`${cwd}/${file}`).size > 5000);
      }
    } finally {
      await Deno.remove(cwd, { recursive: true });
    }
  });
}
