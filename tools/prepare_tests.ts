// The first half of `deno task test`: checks what the tests need beside Deno,
// so that what is missing is reported once, not by every test.

import { rm } from "node:fs/promises";
import { inCheckout } from "./checkout.ts";
import { findBrowser } from "./find_browser.ts";
import { ensureJupyter } from "./jupyter.ts";
import { findOnPath } from "./programs.ts";
import { runTask, SetUpError } from "./set_up_error.ts";

await runTask(async () => {
  await rm(inCheckout(".test_imports"), { recursive: true, force: true });
  await ensureJupyter();
  findBrowser();
  if (findOnPath("sqlite3") === undefined) {
    throw new SetUpError(
      "The tests open databases in the sqlite3 shell, and PATH has none. " +
        "Install it (Debian, Ubuntu: apt-get install sqlite3).",
    );
  }
});
