// Runs several commands of dnpc, given as JSON, up to the first that fails, with a
// mark after each.

import { exit, main } from "../../cli/main.ts";

for (const args of JSON.parse(Deno.args[0]!)) {
  const code = await main(args);
  if (code !== 0) {
    console.error(args.join(" "));
    exit(code);
  }
  console.log("\x1e");
}
