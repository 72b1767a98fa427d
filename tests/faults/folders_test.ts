import { strict as assert } from "node:assert";
import { importRuninfo } from "dnpc/importers";
import { openDatabase } from "dnpc/sql";
import { inCheckout } from "../../tools/checkout.ts";
import { inFolder } from "../sql/engines.ts";
import { figures } from "./figures.ts";

const counted = figures("what else may lie in a run directory");

/** By claim: the script that creates the entries, and the expected reasons. */
const odd: Record<string, [script: string, reasons: RegExp[]]> = {
  "a pipe named like a log": ["mkdir 001 && mkfifo 001/parsl.log", [/a pipe/]],
  "a pipe named like a database": ["mkfifo monitoring.db", [/a pipe/]],
  "a socket": [
    `python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.bind("parsl.log")'`,
    [/a pipe or another special file/],
  ],
  "links to devices": [
    "ln -s /dev/zero parsl.log; ln -s /dev/random a.db",
    [/a link/, /a link/],
  ],
  "cyclic links": [
    "ln -s . 000/back; ln -s a b; ln -s b a; ln -s c c",
    [/a link/, /a link/, /a link/, /a link/],
  ],
  "directories named like logs": [
    "mkdir -p parsl.log monitoring.db/parsl.log interchange.log",
    Array(4).fill(/^Is a directory/),
  ],
  "names that are not UTF-8": [
    `name="$(printf '\\377\\376')"; mkdir "$name"; cp 000/parsl.log "$name"; ` +
    `cp 000/parsl.log "001$name.log"`,
    [/not UTF-8: rename it/, /not UTF-8: rename it/],
  ],
  "names with a newline": [
    `mkdir "$(printf '0\\n1')"; touch "$(printf 'a\\nb')"`,
    [],
  ],
  "a path longer than the limit": [
    `python3 -c 'import os
for i in range(60):
    os.mkdir("d" * 100)
    os.chdir("d" * 100)'`,
    [/name too long/],
  ],
  "1,900 nested directories": [
    `python3 -c 'import os
for i in range(1900):
    os.mkdir("d")
    os.chdir("d")'`,
    [],
  ],
};

for (const [claim, [script, reasons]] of Object.entries(odd)) {
  Deno.test(`importRuninfo() reads the logs beside ${claim}`, () =>
    inFolder(async (folder) => {
      const logs = inCheckout("tests", "fixtures", "tz", "runinfo", "000");
      const { success, stderr } = await new Deno.Command("sh", {
        args: ["-ec", `cp -r '${logs}' 000; ${script}`],
        cwd: folder,
      }).output();
      assert.ok(success, new TextDecoder().decode(stderr));
      counted.inputs++;
      using db = await openDatabase();
      const options = { progress: false } as const;
      const { sources, notRead } = await importRuninfo(db, folder, options);
      // wc -l: 1425 lines in 000/parsl.log.
      assert.deepEqual(
        sources.map(({ path, lines }) => [path.split("/").at(-1), lines]),
        [
          ["parsl.log", 1425],
          ["interchange.log", 1574],
          ["manager.log", 1798],
          ["worker_0.log", 125],
          ["worker_1.log", 68],
        ],
      );
      assert.equal(notRead.length, reasons.length, JSON.stringify(notRead));
      notRead.forEach(({ reason }, i) => assert.match(reason!, reasons[i]!));
      counted.survived++;
      counted.rows += sources.reduce((sum, { lines }) => sum + lines, 0);
      // Some paths are too long for Deno.remove().
      await new Deno.Command("sh", {
        args: ["-c", "find . -depth -delete"],
        cwd: folder,
      }).output();
    }));
}
