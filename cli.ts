/**
 * The command line: the same questions from a shell, a script, or
 * `git bisect run`. `deno task dnpc --help` says what there is.
 *
 * @module
 */

import { main } from "./cli/main.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));
