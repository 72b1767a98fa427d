import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const folder = new URL("../examples/", import.meta.url);

/** What each example leaves in the directory that it runs in. */
const leaves: Record<string, string[]> = {
  "waiting_for_a_worker.ts": [
    "tries_in_each_state.png",
    "waiting_for_a_worker.svg",
  ],
};

Deno.test("every example is tested here", () => {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
  assert.deepEqual(names.sort(), Object.keys(leaves).sort());
});

for (const [name, files] of Object.entries(leaves)) {
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
      assert.match(
        new TextDecoder().decode(stdout),
        /108 spans: mean 17\.61 s, median 4\.17 s.*3 durations are negative/,
      );
      const left = [...Deno.readDirSync(cwd)].map(({ name }) => name);
      assert.deepEqual(left.sort(), files);
      for (const file of files) {
        assert.ok(Deno.statSync(`${cwd}/${file}`).size > 5000);
      }
    } finally {
      await Deno.remove(cwd, { recursive: true });
    }
  });
}
