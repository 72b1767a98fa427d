import { AssertionError, strict as assert } from "node:assert";
import { openDatabase } from "dnpc/sql";
import { randomNumbers } from "../importers/damage.ts";
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
import { assertPlain, assertPlainReason } from "./plainly.ts";
import { type Told, toldBy } from "./told.ts";

const counted = figures("logs, a fault at a time");

type Files = Record<string, Uint8Array<ArrayBuffer>>;

const logNames =
  /^((parsl|interchange|manager|worker_\d+|task_\d+_\d+|endpoint|synthetic|funcx_worker_\d+)\.(log|jsonlog)|transaction_log|debug_log|log|transactions|counter\.jsonlog)$/;

/** The logs below a directory; in the fast part the first lines of each. */
const logsOf = (path: string, names = logNames): Files =>
  Object.fromEntries(
    filesNamed(path, names).map((log) => [
      log.slice(path.length + 1),
      begun(Deno.readFileSync(log)),
    ]),
  );

function begun(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (isWhole) return bytes;
  const end = bytes.indexOf(10, 20_000);
  return end < 0 ? bytes : bytes.slice(0, end + 1);
}

/** What an importer is tried with. */
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
  of("importLines", fixture("funcx")),
];

/** What the files said, each of which is read or refused for a reason. */
async function imported(door: DoorName, files: Files): Promise<Told> {
  let told: Told = new Map();
  await inFolder(async (temporary) => {
    const folder = await Deno.realPath(temporary);
    await writeFiles(folder, files);
    using db = await openDatabase(undefined, { engine: "native" });
    const timeZone = "America/New_York";
    try {
      const options = { timeZone, rules: [], progress: false };
      const report = await doors[door](db, folder, options);
      for (const { outcome, error = "", path } of report.sources) {
        assertPlainReason(error, path);
        // Read again where another log tells only later whose it is.
        assert.match(outcome, /^(?:imported|replaced)$/, error);
      }
      for (const { reason = "", path } of report.notRead) {
        assertPlainReason(reason, path);
      }
      if (report.sources.length > 0) told = toldBy(db, files, folder);
    } catch (error) {
      if (error instanceof AssertionError) throw error;
      assert.ok(error instanceof TypeError, String(error));
      assertPlain(error.message, folder);
    }
  });
  return told;
}

// What is said of an executor for the first time has a name, and no other.
const isFirst = (said: string) => /^\S+ (added|Adding executor)/.test(said);

// The line above tells that this one is a command, whatever it says.
const isCommand = (said: string) =>
  /^\S+ (?:%s|tx to %s: cmd %s); $/.test(said);

/** Imports the files with a fault in one of them, and looks for all others. */
async function survives(
  { door, files }: Trial,
  fault: LineFault,
  whole: Told,
  random: () => number,
): Promise<void> {
  const names = Object.keys(files);
  const file = names[Math.floor(random() * names.length)]!;
  const { bytes, moved } = assembled(fault(linesOf(files[file]!), random));
  counted.inputs++;
  const found = await imported(door, { ...files, [file]: bytes });
  for (const [name, lines] of whole) {
    for (const [offset, said] of lines) {
      const now = name === file ? moved.get(offset) : offset;
      if (now === undefined || isFirst(said) || isCommand(said)) continue;
      counted.rows++;
      if (found.get(name)?.get(now) !== said) counted.lost++;
      assert.equal(found.get(name)?.get(now), said, `${name} at ${offset}`);
    }
  }
  counted.survived++;
}

/** What is missing of a log makes nothing of what is there. */
async function survivesCut(
  { door, files }: Trial,
  whole: Told,
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
  Deno.test(`${trial.door}() of logs with faults loses no line that has none [${trial.name}]`, async (t) => {
    const whole = await imported(trial.door, trial.files);
    assert.ok(whole.size > 0);
    const random = randomNumbers(7);
    await t.step("with its end missing", async () => {
      for (let round = 0; round < times(1, 12); round++) {
        await survivesCut(trial, whole, random);
      }
    });
    const faults = Object.entries(lineFaults)
      // Each of them somewhere.
      .filter((_, i) => isWhole || (i + number) % 5 === 0);
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
