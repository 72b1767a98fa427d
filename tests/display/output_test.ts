import { strict as assert } from "node:assert";
import { beginFile, beginFolder, writeWhole } from "../../display/output.ts";
import { inFolder } from "../sql/engines.ts";

const namesIn = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("writeWhole() replaces a file, keeps its mode, and follows links", () =>
  inFolder((folder) => {
    const path = `${folder}/real/a.svg`;
    Deno.mkdirSync(`${folder}/real`);
    Deno.writeTextFileSync(path, "old", { mode: 0o640 });
    Deno.chmodSync(path, 0o640);
    Deno.symlinkSync("real/a.svg", `${folder}/link`);
    Deno.symlinkSync("real/b.svg", `${folder}/dangling`);
    writeWhole(`${folder}/link`, "new");
    writeWhole(`${folder}/dangling`, "first");
    assert.equal(Deno.readTextFileSync(path), "new");
    assert.equal(Deno.statSync(path).mode! & 0o777, 0o640);
    assert.equal(Deno.readTextFileSync(`${folder}/real/b.svg`), "first");
    assert.ok(Deno.lstatSync(`${folder}/link`).isSymlink);
    assert.deepEqual(namesIn(folder), ["dangling", "link", "real"]);
    assert.deepEqual(namesIn(`${folder}/real`), ["a.svg", "b.svg"]);
  }));

Deno.test("beginFile() keeps the old file unless commit() is called", () =>
  inFolder((folder) => {
    const path = `${folder}/${"ä".repeat(125)}.csv`;
    writeWhole(path, "old");
    {
      using file = beginFile(path);
      file.write(new TextEncoder().encode("new"));
      assert.equal(Deno.readTextFileSync(path), "old");
    }
    assert.equal(Deno.readTextFileSync(path), "old");
    assert.equal(namesIn(folder).length, 1);
  }));

Deno.test("writeWhole() names the file that it cannot write, not its temporary file", () =>
  inFolder((folder) => {
    for (const path of [`${folder}/no/a.svg`, folder]) {
      assert.throws(() => writeWhole(path, ""), ({ message }: Error) => {
        assert.ok(message.startsWith(`cannot write ${path}: `), message);
        assert.doesNotMatch(message, /\.tmp/);
        return true;
      });
    }
  }));

Deno.test("writeWhole() writes in place to a pipe and to /dev/stdout", () =>
  inFolder(async (folder) => {
    const url = new URL("../../display/output.ts", import.meta.url);
    const program = `import { writeWhole } from "${url}";
      writeWhole(Deno.args[0], "to a pipe\\n");
      writeWhole("/dev/stdout", "and out\\n");`;
    await Deno.writeTextFile(`${folder}/a.ts`, program);
    const deno = `'${Deno.execPath()}' run -A ${folder}/a.ts`;
    const line = `cd ${folder} && mkfifo pipe && (cat pipe > read &
      ${deno} pipe > out; wait)`;
    const { success } = await new Deno.Command("sh", { args: ["-c", line] })
      .output();
    assert.ok(success);
    assert.equal(Deno.readTextFileSync(`${folder}/read`), "to a pipe\n");
    assert.equal(Deno.readTextFileSync(`${folder}/out`), "and out\n");
    assert.deepEqual(namesIn(folder), ["a.ts", "out", "pipe", "read"]);
  }));

Deno.test("beginFolder() creates the folder and its parents at commit()", () =>
  inFolder((folder) => {
    const bytes = new TextEncoder().encode("a");
    Deno.mkdirSync(`${folder}/empty`);
    for (const name of ["a/b/c/", "empty"]) {
      {
        using output = beginFolder(`${folder}/${name}`);
        output.append("run=1/x", bytes);
      }
      assert.deepEqual(namesIn(folder), ["empty"]);
      assert.deepEqual(namesIn(`${folder}/empty`), []);
    }
    for (const name of ["a/b/c/", "empty"]) {
      using output = beginFolder(`${folder}/${name}`);
      output.append("run=1/x", bytes);
      output.append("run=1/x", bytes);
      output.commit();
      assert.equal(Deno.readTextFileSync(`${folder}/${name}/run=1/x`), "aa");
      assert.throws(
        () => beginFolder(`${folder}/${name}`),
        Deno.errors.AlreadyExists,
      );
    }
    assert.deepEqual(namesIn(folder), ["a", "empty"]);
  }));

Deno.test("beginFolder() replaces a folder that another program replaces meanwhile", () =>
  inFolder((folder) => {
    const bytes = new TextEncoder().encode("a");
    const outputs = ["1", "2", "3"].map((name) => {
      const output = beginFolder(`${folder}/run`, true);
      output.append(name, bytes);
      return output;
    });
    // Between the two renames of the second, the third gets the name.
    const { renameSync } = Deno;
    outputs[0]!.commit();
    Deno.renameSync = (from, to) => {
      renameSync(from, to);
      Deno.renameSync = renameSync;
      outputs[2]!.commit();
    };
    outputs[1]!.commit();
    assert.deepEqual(namesIn(folder), ["run"]);
    assert.deepEqual(namesIn(`${folder}/run`), ["2"]);
  }));
