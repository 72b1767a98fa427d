import assert from "node:assert/strict";
import { executeNotebook } from "../../tools/notebook.ts";
import { initNotebook } from "../../tools/notebook_init.ts";
import { SetUpError } from "../../tools/set_up_error.ts";

Deno.test("initNotebook() creates a notebook that draws with dnpc in the user's folder", async () => {
  const folder = await Deno.makeTempDir({ prefix: "my runs " });
  try {
    await initNotebook(`${folder}/notebooks`);
    const { cells } = await executeNotebook(`${folder}/notebooks/start.ipynb`);
    const shown = cells.filter(({ cell_type }) => cell_type === "code")
      .map(({ outputs = [] }) => outputs.at(-1)?.data ?? {});
    assert.equal(shown.length, 4);
    assert.match(String(shown[0]!["text/plain"]), /parsl\.log/);
    assert.ok("image/png" in shown[1]!);
    // sqlite3 wq/runinfo/monitoring.db "SELECT count(*) FROM status WHERE
    // task_status_name = 'exec_done'" is 93.
    assert.match(
      String(shown[2]!["text/plain"]),
      /^launched → exec_done\n93 spans/,
    );
    assert.match(String(shown[3]!["text/plain"]), /parsl\.rundir\.try +116/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("initNotebook() does not overwrite files", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/deno.json`, "{}");
    await assert.rejects(initNotebook(folder), SetUpError);
    assert.equal(await Deno.readTextFile(`${folder}/deno.json`), "{}");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
