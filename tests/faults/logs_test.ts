import { AssertionError, strict as assert } from "node:assert";
import { openDatabase } from "dnpc/sql";
import { randomNumbers } from "../importers/damage.ts";
import { assertLinear } from "../importers/growth.ts";
import {
  descLogs,
  filesNamed,
  repositorySets,
  taskVineLogs,
  tzLogs,
  wqLogs,
  writeFiles,
} from "../importers/logs.ts";
import { inFolder } from "../sql/engines.ts";
import { type DoorName, doors } from "./doors.ts";
import { figures, isWhole, times } from "./figures.ts";
import {
  assembled,
  type LineFault,
  lineFaults,
  linesOf,
} from "./line_faults.ts";
import { assertReadable, assertReadableReason } from "./readable.ts";
import { contentsByLine, type LineContents } from "./line_contents.ts";

const counted = figures("logs, a fault at a time");

type Files = Record<string, Uint8Array<ArrayBuffer>>;

const logNames =
  /^((parsl|interchange|manager|worker_\d+|task_\d+_\d+|endpoint|synthetic|funcx_worker_\d+)\.(log|jsonlog)|transaction_log|debug_log|log|transactions|counter\.jsonlog)$/;

/** The logs below a directory; only their first 20 kB in the fast part. */
const logsOf = (path: string, names = logNames): Files =>
  Object.fromEntries(
    filesNamed(path, names).map((log) => [
      log.slice(path.length + 1),
      firstLines(Deno.readFileSync(log)),
    ]),
  );

function firstLines(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (isWhole) return bytes;
  const end = bytes.indexOf(10, 20_000);
  return end < 0 ? bytes : bytes.slice(0, end + 1);
}

/** An importer and the logs to damage. */
interface Trial {
  door: DoorName;
  name: string;
  files: Files;
}

const of = (
  door: DoorName,
  { name, path }: { name: string; path: string },
  names?: RegExp,
): Trial => ({
  door,
  name,
  files: logsOf(path, names),
});

const fixture = (name: string) => ({ name, path: `tests/fixtures/${name}` });

const trials: readonly Trial[] = [
  ...repositorySets.map((set) => of("importRuninfo", set)),
  of("importParslLog", tzLogs, /^parsl\.log$/),
  of(
    "importHtexLogs",
    fixture("htex-2026"),
    /^(interchange|manager|worker_\d+)\.log$/,
  ),
  of("importWorkQueueLog", wqLogs, /^(transaction|debug)_log$/),
  of("importTaskVineLog", taskVineLogs),
  of("importParslTracing", descLogs, /^log$/),
  of("importJsonLog", fixture("academy")),
  of("importAcademyLog", fixture("academy")),
  of("importOtlp", fixture("otlp"), /^traces\.jsonl$/),
  of("importGlobusComputeLog", fixture("globus_compute"), /^endpoint\.log$/),
  of("importLines", fixture("funcx")),
];

/** Content per line, after checking that each file is read or rejected. */
async function imported(door: DoorName, files: Files): Promise<LineContents> {
  let contents: LineContents = new Map();
  await inFolder(async (temporary) => {
    const folder = await Deno.realPath(temporary);
    await writeFiles(folder, files);
    using db = await openDatabase(undefined, { engine: "native" });
    const timeZone = "America/New_York";
    try {
      const options = { timeZone, rules: [], progress: false };
      const report = await doors[door](db, folder, options);
      for (const { outcome, error = "", path } of report.sources) {
        assertReadableReason(error, path);
        // "replaced" if a later log identified its run and it was read again.
        assert.match(outcome, /^(?:imported|replaced)$/, error);
      }
      for (const { reason = "", path } of report.notRead) {
        assertReadableReason(reason, path);
      }
      if (report.sources.length > 0) {
        contents = contentsByLine(db, files, folder);
      }
    } catch (error) {
      if (error instanceof AssertionError) throw error;
      assert.ok(error instanceof TypeError, String(error));
      assertReadable(error.message, folder);
    }
  });
  return contents;
}

// An executor's first mention gets an event of its own; damage moves it.
const isFirst = (content: string) =>
  /^\S+ (added|Adding executor)/.test(content);

// Recognized as a command only by the line above, which may be damaged.
const isCommand = (content: string) =>
  /^\S+ (?:%s|tx to %s: cmd %s); $/.test(content);

// Only the line above names its executor.
const isScaling = (content: string) => /^\S+ scaling in; $/.test(content);

// An event only because of the lines that continue it, which may be damaged.
const isContinued = (content: string) =>
  /^\S+ (?:Python version: |Starting \w+ with provider:)/.test(content);

// Events with the name of a state, but for the lines about states, which may be
// damaged.
const isState = (content: string) =>
  /^\S+ (?:Parsl task %s try %s launched|Task %s failed after) /.test(content);

const isAnother = [isFirst, isCommand, isScaling, isContinued, isState];

/** Imports with damage in one file, and checks all undamaged lines. */
async function survives(
  { door, files }: Trial,
  fault: LineFault,
  whole: LineContents,
  random: () => number,
): Promise<void> {
  const names = Object.keys(files);
  const file = names[Math.floor(random() * names.length)]!;
  const { bytes, moved } = assembled(fault(linesOf(files[file]!), random));
  counted.inputs++;
  const found = await imported(door, { ...files, [file]: bytes });
  for (const [name, lines] of whole) {
    for (const [offset, content] of lines) {
      const now = name === file ? moved.get(offset) : offset;
      if (now === undefined) continue;
      if (isAnother.some((is) => is(content))) continue;
      counted.rows++;
      if (found.get(name)?.get(now) !== content) counted.lost++;
      assert.equal(found.get(name)?.get(now), content, `${name} at ${offset}`);
    }
  }
  counted.survived++;
}

/** Truncating a log changes nothing before the cut. */
async function survivesCut(
  { door, files }: Trial,
  whole: LineContents,
  random: () => number,
): Promise<void> {
  for (const [file, bytes] of Object.entries(files)) {
    const start = bytes.slice(0, Math.floor(random() * bytes.length));
    const end = start.lastIndexOf(10);
    counted.inputs++;
    const found = (await imported(door, { ...files, [file]: start })).get(file);
    const expected = [...whole.get(file) ?? []]
      .filter(([offset]) => offset < end);
    counted.rows += expected.length;
    assert.deepEqual([...found ?? []], expected, `${file}, ${start.length}`);
    counted.survived++;
  }
}

for (const [number, trial] of trials.entries()) {
  Deno.test(`${trial.door}() loses no undamaged line of a damaged log [${trial.name}]`, async (t) => {
    const whole = await imported(trial.door, trial.files);
    assert.ok(whole.size > 0);
    const random = randomNumbers(7);
    await t.step("truncated", async () => {
      for (let round = 0; round < times(1, 12); round++) {
        await survivesCut(trial, whole, random);
      }
    });
    const faults = Object.entries(lineFaults)
      // In the fast part each kind of damage is tried with some of the trials.
      .filter((_, i) => isWhole || (i + number) % 5 === 0)
      // Its first bytes alone tell it from other JSON logs.
      .filter(([name]) => trial.name !== "otlp" || name !== "empty lines");
    for (const [name, fault] of faults) {
      await t.step(`with ${name}`, async () => {
        const rounds = /10 MB/.test(name) ? 1 : times(1, 4);
        for (let round = 0; round < rounds; round++) {
          await survives(trial, fault, whole, random);
        }
      });
    }
  });
}

/** Content that a log may repeat: within a line or as lines. */
const growing: Record<string, string> = {
  letters: "x",
  words: "METRIC a b ",
  brackets: "[{'<\"(",
  spaces: " ",
  numbers: "1, ",
  "carriage returns": "a\r",
  "empty lines": "\n",
  "broken lines": "1795347184.1 2026-11-22 06:33:04 Main\n",
};

for (const [claim, content] of Object.entries(growing)) {
  Deno.test(`importParslLog() takes linear time for ${claim} without end`, () => {
    const [first = ""] = Deno.readTextFileSync(`${tzLogs.path}/000/parsl.log`)
      .split("\n");
    return assertLinear(async (size) => {
      const text = `${first} ${content.repeat(size / content.length)}\n`;
      await imported("importParslLog", {
        "parsl.log": new TextEncoder().encode(text),
      });
    }, 250_000);
  });
}
