// Runs every test in one isolate. `deno test` uses one per file, and a small test
// file spends most of its time loading and compiling the library.

import { glob } from "node:fs/promises";

const cwd = import.meta.dirname!;
const files = await Array.fromAsync(glob("**/*_test.ts", { cwd }));
for (const file of files.sort()) await import(`./${file}`);
