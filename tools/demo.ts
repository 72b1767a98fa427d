// `deno task demo`: executes the first notebook and converts it to a web page.

import { join } from "node:path";
import { inCheckout } from "./checkout.ts";
import { ensureJupyter } from "./jupyter.ts";
import { executeNotebook, notebookToHtml } from "./notebook.ts";
import { denoCommand } from "./programs.ts";
import { runTask } from "./set_up_error.ts";

await runTask(async () => {
  await ensureJupyter();
  const folder = inCheckout("demo");
  await Deno.mkdir(folder, { recursive: true });

  console.error("Executing notebooks/getting_started.ipynb");
  await executeNotebook(inCheckout("notebooks", "getting_started.ipynb"), {
    outputFolder: folder,
  });
  const page = await notebookToHtml(join(folder, "getting_started.ipynb"));

  const opener = Deno.build.os === "darwin" ? "open" : "xdg-open";
  console.log(`The executed notebook is a web page. To see it:
  ${opener} '${page}'
To work in it, with the kernel ready:
  ${denoCommand()} task lab
${page}`);
});
