import { strict as assert } from "node:assert";
import { inPlace, type Place } from "../cli/shell.ts";
import { askingCommands } from "./asking.ts";
import { figures, isWhole } from "./figures.ts";

const counted = figures("exit codes");

/** Runs every command on data; all must end alike. */
async function assertEnd(
  { shell }: Place,
  data: string,
  { code, says = /^$/, args = "" }: {
    code: number;
    /** What is on stderr. */
    says?: RegExp;
    /** Further arguments. */
    args?: string;
  },
): Promise<void> {
  for (const [name, own] of Object.entries(askingCommands)) {
    counted.inputs++;
    const line = `dnpc ${name} ${data} ${own} ${args}`.replace(/ +/g, " ")
      .trim();
    const ended = await shell(line);
    assert.equal(ended.code, code, `${line}: ${ended.stderr}`);
    const stderr = ended.stderr.replace("dnpc: wrote report.html\n", "")
      .replace(/^dnpc: \d+ of \d+ \w+ had not reached \w+\n/, "")
      .replace(/^dnpc: Workflow .* it takes 5 to say what is usual\.\n/, "");
    assert.match(stderr, says, line);
    if (code === 125) assert.equal(ended.stdout, "", line);
    assert.doesNotMatch(ended.stderr, /fault of dnpc| at file:/, line);
    counted.survived++;
  }
}

Deno.test("every command ends with 0 if it has answered", () =>
  inPlace(async (place) => {
    await assertEnd(place, "runs.sqlite3", { code: 0 });
    await assertEnd(place, "runs.sqlite3", { code: 0, args: "--strict" });
    if (!isWhole) return;
    await assertEnd(place, "runinfo/", { code: 0, args: "--strict" });
  }));

Deno.test("every command ends with 125 if it has no data", () =>
  inPlace(async (place) => {
    const { folder } = place;
    await Deno.mkdir(`${folder}/empty`);
    await Deno.writeTextFile(`${folder}/words.txt`, "nothing of Parsl's\n");
    await Deno.writeTextFile(`${folder}/nothing`, "");
    const damaged = await Deno.readFile(`${folder}/runs.sqlite3`);
    damaged.fill(255, 100, 4096);
    await Deno.writeFile(`${folder}/damaged.sqlite3`, damaged);
    await Deno.writeFile(`${folder}/cut.sqlite3`, damaged.subarray(0, 50));
    const wrong: Record<string, RegExp> = {
      "not-there": /there is no not-there/,
      empty: /nothing here that an importer reads/,
      "words.txt": /nothing here that an importer reads/,
      nothing: /nothing here that an importer reads/,
      "damaged.sqlite3": /cannot open damaged\.sqlite3: .*malformed/,
      "cut.sqlite3": /cannot open cut\.sqlite3: /,
      "/dev/null": /^dnpc: .*\/dev\/null/,
    };
    for (const [data, says] of Object.entries(wrong)) {
      await assertEnd(place, data, { code: 125, says });
    }
  }));

Deno.test("every command ends with 125 if it is mistyped", () =>
  inPlace(async (place) => {
    for (
      const [args, says] of [
        ["--strct", /--strct\. Did you mean --strict/],
        ["--time-zone", /--time-zone needs a value/],
        [
          "one more too many",
          /(one|more|too|many)"? (is one too many|names no line)|no run "one"|TYPE|=/,
        ],
      ] as const
    ) {
      await assertEnd(place, "runs.sqlite3", { code: 125, says, args });
    }
    await assertEnd(place, "runinfo/", {
      code: 125,
      says: /there is no time zone "Mars"/,
      args: "--time-zone Mars",
    });
  }));

Deno.test("every command ends with 1 if --strict finds a malformed line, else with 0", () =>
  inPlace(async (place) => {
    const log = `${place.folder}/before/000/parsl.log`;
    const lines = (await Deno.readTextFile(log)).split("\n");
    lines[99] = `\0${lines[99]}`;
    await Deno.writeTextFile(log, lines.join("\n"));
    const says = /^dnpc: before: 0 files damaged, 1 lines malformed/;
    if (isWhole) await assertEnd(place, "before", { code: 0, says });
    await assertEnd(place, "before", { code: 1, says, args: "--strict" });
  }));
