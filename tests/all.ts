// Runs every test in one isolate. `deno test` uses one per file, and a small test
// file spends most of its time loading and compiling the library.

import { glob } from "node:fs/promises";

// `deno task test` starts two processes: the second runs these folders, the first
// all others, which takes about as long.
const ofSecond = /^(importers|plots|questions|report|sql|tools)\//;

const cwd = import.meta.dirname!;
const part = Deno.env.get("TEST_PART");
const files = (await Array.fromAsync(glob("**/*_test.ts", { cwd })))
  .filter((file) =>
    part === undefined || ofSecond.test(file) === (part === "second")
  );
for (const file of files.sort()) await import(`./${file}`);
