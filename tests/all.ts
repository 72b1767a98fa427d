// Every test, in one isolate: `deno test` gives each file its own, and most of
// a small file's time is loading and compiling the library again.

import { glob } from "node:fs/promises";

const cwd = import.meta.dirname!;
const files = await Array.fromAsync(glob("**/*_test.ts", { cwd }));
for (const file of files.sort()) await import(`./${file}`);
