import { findBrowser } from "../../tools/find_browser.ts";
import { findOnPath } from "../../tools/programs.ts";

/** Options of a test that opens a browser: ignored without one. */
export const inBrowser = { ignore: findBrowser() === undefined };

/** Options of a test that runs the sqlite3 shell: ignored without it. */
export const inSqliteShell = { ignore: findOnPath("sqlite3") === undefined };
