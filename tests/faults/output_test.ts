import { strict as assert } from "node:assert";
import { inPlace } from "../cli/shell.ts";
import { figures, times } from "./figures.ts";
import { isSetpriv, onSmallDisk, unprivileged } from "./limits.ts";

const counted = figures("output files");

const events =
  "parsl.rundir.try/launched parsl.executor.htex.worker.task/worker_received_task";

/** Commands, each with the file or folder that it writes. */
const outputs: [line: string, output: string][] = [
  ["sql runs.sqlite3 'SELECT * FROM event' -o", "rows.csv"],
  ["sql runs.sqlite3 'SELECT * FROM event' -o", "rows.json"],
  [`times-between runs.sqlite3 ${events} -o`, "wait.svg"],
  [`times-between runs.sqlite3 ${events} -o`, "wait.png"],
  [`times-between runs.sqlite3 ${events} -o`, "wait.html"],
  ["span-graph runs.sqlite3 -o", "types.svg"],
  ["export runs.sqlite3 --to perfetto -o", "trace.json"],
  ["export runs.sqlite3 --to parquet --query 'SELECT * FROM event' -o", "q"],
  ["export runs.sqlite3 --to csv -o", "csv"],
  ["export runs.sqlite3 --to parquet -o", "parquet"],
  ["report runs.sqlite3 -o", "report.html"],
];

Deno.test("dnpc on a full disk names the output that it cannot write, and keeps the old one", () =>
  inPlace(async ({ shell }) => {
    for (const [line, output] of outputs) {
      await onSmallDisk("12k", async (disk) => {
        counted.inputs++;
        const path = `${disk}/${output}`;
        const isFolder = /^(csv|parquet)$/.test(output);
        if (!isFolder) await Deno.writeTextFile(path, "old");
        const { code, stderr } = await shell(`dnpc ${line} ${path}`);
        assert.notEqual(code, 0, line);
        assert.match(
          stderr,
          new RegExp(`^dnpc: cannot write ${path}(/[^:]*)?: No space left`),
        );
        const left = [...Deno.readDirSync(disk)].map(({ name }) => name);
        assert.deepEqual(left, isFolder ? [] : [output], line);
        if (!isFolder) assert.equal(await Deno.readTextFile(path), "old");
        counted.survived++;
      });
    }
  }));

const files = outputs.filter(([, output]) => output.includes("."))
  .slice(0, times(2, outputs.length));

Deno.test("dnpc -o keeps links, modes and other names of a file, and what else it cannot replace", () =>
  inPlace(async ({ folder, shell }) => {
    for (const [line, output] of files) {
      const content = (path: string) => Deno.readTextFile(`${folder}/${path}`);
      const begin = async (name: string) => {
        counted.inputs++;
        await Deno.mkdir(`${folder}/${name}`);
        await Deno.writeTextFile(`${folder}/${name}/old`, "old");
        return `${name}/${output}`;
      };
      const write = (path: string) => shell(`dnpc ${line} ${path}`);

      // A link remains one, even if it leads nowhere yet.
      for (const target of ["old", "new"]) {
        const path = await begin(target);
        await Deno.symlink(target, `${folder}/${path}`);
        const { code, stderr } = await write(path);
        assert.equal(code, 0, stderr);
        assert.ok(Deno.lstatSync(`${folder}/${path}`).isSymlink, line);
        assert.ok((await content(`${target}/${target}`)).length > 10, line);
        counted.survived++;
      }
      // A file gets its mode back; its other name keeps the old content.
      const named = await begin("named");
      await Deno.link(`${folder}/named/old`, `${folder}/${named}`);
      await Deno.chmod(`${folder}/${named}`, 0o640);
      assert.equal((await write(named)).code, 0, line);
      assert.equal(Deno.statSync(`${folder}/${named}`).mode! & 0o777, 0o640);
      assert.equal(await content("named/old"), "old");
      counted.survived++;
      // A folder, a link to itself, a path below a file, a missing folder.
      const wrong = await begin("wrong");
      await Deno.mkdir(`${folder}/${wrong}`);
      await Deno.symlink(`self-${output}`, `${folder}/wrong/self-${output}`);
      for (
        const path of [
          wrong,
          `wrong/self-${output}`,
          `wrong/old/${output}`,
          `wrong/no/${output}`,
        ]
      ) {
        counted.inputs++;
        const { code, stderr } = await write(path);
        assert.equal(code, 125, `${line} ${path}`);
        assert.match(stderr, /^dnpc: cannot write wrong\//, line);
        counted.survived++;
      }
      counted.survived++;
      assert.equal(await content("wrong/old"), "old");
      for (const name of ["old", "new", "named", "wrong"]) {
        const left = [...Deno.readDirSync(`${folder}/${name}`)];
        assert.ok(!left.some(({ name }) => name.endsWith(".tmp")), line);
        await Deno.remove(`${folder}/${name}`, { recursive: true });
      }
    }
  }));

Deno.test("dnpc -o writes to devices, and in place if the folder is read-only", () =>
  inPlace(async ({ folder, shell }) => {
    counted.inputs++;
    const dnpc = "dnpc sql runs.sqlite3 'SELECT 1 AS n' -f csv -o";
    const there = await shell(`${dnpc} /dev/stdout > out`);
    assert.equal(there.code, 0, there.stderr);
    const path = `${folder}/shut/a.csv`;
    await shell("mkdir shut && echo a longer old content > shut/a.csv");
    await Deno.chmod(`${folder}/shut`, 0o555);
    const before = isSetpriv ? `${unprivileged.join(" ")} ` : "";
    const shut = await shell(`${before}${dnpc} shut/a.csv`);
    await Deno.chmod(`${folder}/shut`, 0o755);
    assert.equal(shut.code, 0, shut.stderr);
    for (const file of [`${folder}/out`, path]) {
      assert.equal(await Deno.readTextFile(file), "n\r\n1\r\n");
    }
    // A rename would replace this read-only file.
    await Deno.chmod(path, 0o444);
    if (isSetpriv) {
      const { code, stderr } = await shell(`${before}${dnpc} shut/a.csv`);
      assert.equal(code, 125);
      assert.match(stderr, /cannot write shut\/a\.csv: Permission denied/);
    }
    counted.survived++;
  }));

Deno.test("dnpc import of an empty directory leaves no database", () =>
  inPlace(async ({ folder, shell }) => {
    counted.inputs++;
    await Deno.mkdir(`${folder}/empty`);
    const { code } = await shell("dnpc import empty -o new.sqlite3 -q");
    assert.notEqual(code, 0);
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assert.ok(!left.some((name) => name.startsWith("new")), `${left}`);
    counted.survived++;
  }));

Deno.test("dnpc import does not list its own database as a file not read", () =>
  inPlace(async ({ folder, shell }) => {
    counted.inputs++;
    await Deno.copyFile(
      `${folder}/runinfo/000/parsl.log`,
      `${folder}/before/parsl.log`,
    );
    for (const _ of [1, 2]) {
      const { code, stdout } = await shell(
        "dnpc import before -o before/x.sqlite3",
      );
      assert.equal(code, 0);
      assert.doesNotMatch(stdout, /x\.sqlite3/);
    }
    counted.survived++;
  }));
