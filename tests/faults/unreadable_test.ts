import { strict as assert } from "node:assert";
import { inPlace, output, type Place } from "../cli/shell.ts";
import { askingCommands } from "./asking.ts";
import { figures, isWhole } from "./figures.ts";
import { isSetpriv, unprivileged } from "./limits.ts";

const counted = figures("files that cannot be read");

const count = `"SELECT count(*) AS n FROM span"`;

const lost =
  /^dnpc: (there are no spans of the type|\S+ has no events|no log has the memory)/m;

/** Checks that commands name the unreadable file and answer from the rest. */
async function assertNamed(
  place: Place,
  { data = "before", left, says, before = "" }: {
    data?: string;
    /** A copy without the unreadable file, if none of it can be read. */
    left?: string;
    says: RegExp;
    /** Prefix of the command. */
    before?: string;
  },
): Promise<void> {
  counted.inputs++;
  const { shell } = place;
  const asked = await shell(`${before}dnpc sql ${data} ${count}`);
  assert.equal(asked.code, 0, asked.stderr);
  assert.match(asked.stderr, says);
  if (left !== undefined) {
    assert.equal(
      asked.stdout,
      await output(place, `dnpc sql ${left} ${count}`),
    );
  }
  const asking = Object.entries(askingCommands).filter(([name]) =>
    // The others only in the whole suite; some need what may be unreadable.
    name === "span-types" ||
    isWhole && !["compare", "story", "lines"].includes(name)
  );
  const lines = [
    `sql ${data} ${count}`,
    `import ${data} -q -o strict.sqlite3`,
    ...asking.map(([name, args]) => `${name} ${data} ${args}`),
  ].map((line) => `${before}dnpc ${line.trim()} --strict`);
  for (const line of lines) {
    counted.inputs++;
    const { code: ended, stderr } = await shell(line);
    // What it asks about was in the unreadable file: there is nothing to judge.
    const code = lost.test(stderr) ? 125 : 1;
    assert.equal(ended, code, `${line}: ${stderr}`);
    assert.match(stderr, says, line);
    counted.survived++;
  }
  const imported = await shell(`${before}dnpc import ${data} -q -o a.sqlite3`);
  assert.equal(imported.code, 0, imported.stderr);
  assert.match(imported.stderr, says);
  assert.equal(
    await output(place, `dnpc sql a.sqlite3 ${count}`),
    asked.stdout,
  );
  counted.survived++;
}

/** Copies the run directory without parsl.log; a missing log is not an error. */
async function withoutLog({ folder, shell }: Place): Promise<string> {
  await shell("cp -r before absent && rm absent/000/parsl.log");
  const { code, stderr } = await shell(`dnpc sql absent ${count} --strict`);
  assert.deepEqual([code, stderr], [0, ""]);
  assert.ok(Deno.statSync(`${folder}/absent/000`).isDirectory);
  return "absent";
}

Deno.test("dnpc names a directory in place of a log, and answers from the rest", () =>
  inPlace(async (place) => {
    const left = await withoutLog(place);
    const log = `${place.folder}/before/000/parsl.log`;
    await Deno.remove(log);
    await Deno.mkdir(log);
    const says = /^dnpc: cannot read .*000\/parsl\.log: Is a directory/m;
    await assertNamed(place, { left, says });
    const alone = await place.shell(`dnpc sql before/000/parsl.log ${count}`);
    assert.equal(alone.code, 125);
    assert.match(alone.stderr, says);
    const both = await place.shell(
      "dnpc import before/000/parsl.log after -q -o both.sqlite3",
    );
    assert.equal(both.code, 125);
    const spans = await output(place, `dnpc sql both.sqlite3 ${count}`);
    assert.equal(spans, await output(place, `dnpc sql after ${count}`));
  }));

Deno.test("dnpc names a log that is a link or a pipe, and answers from the rest", () =>
  inPlace(async (place) => {
    const left = await withoutLog(place);
    const log = `${place.folder}/before/000/parsl.log`;
    for (const make of ["ln -s /dev/zero", "mkfifo"]) {
      await Deno.remove(log);
      await place.shell(`${make} ${log}`);
      const says = /^dnpc: cannot read .*000\/parsl\.log: a (link|pipe)/m;
      await assertNamed(place, { left, says });
      await place.shell("rm a.sqlite3 strict.sqlite3");
    }
  }));

Deno.test({
  name: "dnpc names a log without read permission, and answers from the rest",
  ignore: !isSetpriv,
  fn: () =>
    inPlace(async (place) => {
      const left = await withoutLog(place);
      await Deno.chmod(`${place.folder}/before/000/parsl.log`, 0);
      const before = `${unprivileged.join(" ")} `;
      const says = /^dnpc: cannot read .*000\/parsl\.log: Permission denied/m;
      await assertNamed(place, { left, says, before });
    }),
});

Deno.test("dnpc names a truncated tarball, and answers from its first members", () =>
  inPlace(async (place) => {
    const { folder, shell } = place;
    await shell("tar cf whole.tar -C before 000 && mkdir cut");
    const bytes = await Deno.readFile(`${folder}/whole.tar`);
    for (const share of [0.3, 0.9]) {
      await Deno.writeFile(
        `${folder}/cut/cut.tar`,
        bytes.subarray(0, bytes.length * share),
      );
      const says =
        /^dnpc: cannot read (all of )?.*cut\.tar.*: .*Truncated input/m;
      await assertNamed(place, { data: "cut", says });
      await shell("rm a.sqlite3 strict.sqlite3");
    }
  }));

Deno.test("dnpc names a truncated monitoring.db or gzipped log", () =>
  inPlace(async (place) => {
    const { folder, shell } = place;
    const path = `${folder}/before/monitoring.db`;
    await shell("rm before/monitoring.db");
    const left = await output(place, `dnpc sql before ${count}`);
    const whole = await Deno.readFile(`${folder}/runinfo/monitoring.db`);
    await Deno.writeFile(path, whole.subarray(0, 20_000));
    await assertNamed(place, {
      says: /^dnpc: cannot read \S+monitoring\.db: database disk image is/m,
    });
    assert.equal(await output(place, `dnpc sql before ${count}`), left);
    await shell("rm a.sqlite3 strict.sqlite3 before/monitoring.db");
    await shell("gzip before/000/parsl.log");
    const log = `${folder}/before/000/parsl.log.gz`;
    const bytes = await Deno.readFile(log);
    await Deno.writeFile(log, bytes.subarray(0, bytes.length / 2));
    await assertNamed(place, {
      says: /^dnpc: cannot read all of \S+parsl\.log\.gz: /m,
    });
  }));

Deno.test("dnpc names a log with a disk error, and loses only the rest of it", () =>
  inPlace(async (place) => {
    const log = `${place.folder}/before/000/parsl.log`;
    const { openSync } = Deno;
    const { size } = Deno.statSync(log);
    for (const good of [0, 50_000]) {
      // Simulates a disk with a bad block.
      Deno.openSync = (path, options) => {
        const file = openSync(path, options);
        if (!String(path).endsWith("before/000/parsl.log")) return file;
        let at = 0;
        const { readSync, seekSync } = file;
        return Object.assign(file, {
          seekSync(offset: number, mode: Deno.SeekMode) {
            return at = seekSync.call(file, offset, mode);
          },
          readSync(bytes: Uint8Array) {
            if (at >= good && at < size) {
              throw Object.assign(
                new Error("Input/output error (os error 5)"),
                {
                  code: "EIO",
                },
              );
            }
            const read = readSync.call(file, bytes.subarray(0, good - at));
            at += read ?? 0;
            return read;
          },
        });
      };
      try {
        const says =
          /^dnpc: cannot read (all of )?.*000\/parsl\.log: Input\/output error/m;
        await assertNamed(place, { says });
        const tries = `"SELECT count(*) AS n FROM span
          WHERE type = 'parsl.rundir.try'"`.replace(/\s+/g, " ");
        const n = await output(place, `dnpc sql a.sqlite3 ${tries}`);
        // head -c 50000 parsl.log | grep -c "launched on executor"
        assert.equal(Number(n.split("\n")[1]) > 0, good > 0);
      } finally {
        Deno.openSync = openSync;
      }
      await place.shell("rm a.sqlite3 strict.sqlite3");
    }
  }));
