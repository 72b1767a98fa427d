import assert from "node:assert/strict";
import { commands } from "../../cli/commands.ts";
import { inCheckout } from "../../tools/checkout.ts";
import { inPlace, output } from "./shell.ts";

Deno.test("dnpc --help lists every command and explains the exit codes", () =>
  inPlace(async (place) => {
    const help = await output(place, "dnpc --help");
    for (const { name, summary } of commands) {
      assert.ok(help.includes(`  ${name} `), name);
      assert.ok(help.replace(/\s+/g, " ").includes(summary), summary);
    }
    assert.match(help, /1 +a check failed, and nothing else/);
    assert.match(help, /125 +nothing could be judged/);
    assert.match(help, /70 +a fault of dnpc itself/);
    assert.equal(await output(place, "dnpc help"), help);
    assert.equal(await output(place, "dnpc -h"), help);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(help, /\x1b/);
    assert.ok(help.split("\n").every((line) => line.length <= 80));
    assert.match(
      await output(place, "dnpc --version"),
      /^dnpc \d+\.\d+\.\d+\n$/,
    );
  }));

Deno.test("dnpc COMMAND --help names every argument, option and example", () =>
  inPlace(async (place) => {
    for (const command of commands) {
      const help = await output(place, `dnpc ${command.name} --help`);
      assert.equal(await output(place, `dnpc help ${command.name}`), help);
      for (const { name } of command.arguments) {
        assert.ok(help.includes(`  ${name} `), name);
      }
      for (const option of Object.keys(command.options)) {
        assert.ok(help.includes(`--${option}`), option);
      }
      assert.ok(command.examples.length >= 1);
      const joined = help.replace(/ \\\n +/g, " ");
      for (const { line } of command.examples) {
        assert.ok(joined.includes(`  ${line}\n`), line);
      }
      assert.ok(help.split("\n").every((line) => line.length <= 80));
    }
  }));

for (const { name, examples } of commands) {
  Deno.test(`the examples of dnpc ${name} run`, () =>
    inPlace(async ({ shell }) => {
      for (const { help, line } of examples) {
        assert.match(line, /dnpc /);
        const exit = Number(/^Exit with (\d+)/.exec(help)?.[1] ?? 0);
        const { code, stdout, stderr } = await shell(line);
        assert.equal(code, exit, `${line}: ${stderr}`);
        assert.ok(stdout || stderr || line.includes(" > "), line);
        assert.doesNotMatch(stderr, /there (is|are) no|fault/, line);
      }
    }));
}

Deno.test("dnpc reports a usage error, suggests the nearest name, and exits with 125", () =>
  inPlace(async ({ shell }) => {
    const lines: [line: string, says: RegExp][] = [
      ["dnpc", /dnpc --help/],
      ["dnpc improt", /no command "improt"\. Did you mean import\?/],
      ["dnpc help sqll", /Did you mean sql\?/],
      [
        "dnpc sql runs.sqlite3 x --formt csv",
        /--formt\. Did you mean --format/,
      ],
      ["dnpc sql runs.sqlite3 x --format", /--format needs a value/],
      ["dnpc runs runs.sqlite3 --run -o x.csv", /--run needs a value/],
      ["dnpc sql runs.sqlite3 x --format cvs", /Did you mean csv\?/],
      ["dnpc sql runs.sqlite3 x --no-header=1", /takes no value/],
      ["dnpc sql runs.sqlite3 x y", /"y" is one too many/],
      ["dnpc sql", /needs DATA/],
      ["dnpc sql runs.sqlite3 x -o x.svg", /no chart/],
      ["dnpc sql runs.sqlite3 x -o x.doc", /implies no format/],
      ["dnpc sql runs.sqlite3 'SELECT 1' -f csv -o runs.sqlite3", /overwrite/],
      ["dnpc sql runs.sqlite3 x --param y", /NAME=VALUE/],
      ["dnpc import runinfo", /needs -o FILE/],
      ["dnpc import runinfo -o x.sqlite3 --records some", /all, unmatched/],
      ["dnpc times-between runs.sqlite3 a b", /named TYPE\/EVENT/],
      ["dnpc times-between runs.sqlite3 a/b c/d --stat p959", /no statistic/],
      ["dnpc times-between runs.sqlite3 a/b c/d --fail-above 1", /one --stat/],
      [
        "dnpc times-between runs.sqlite3 a/b c/d --stat max --fail-above x",
        /takes a number/,
      ],
      ["dnpc export runs.sqlite3", /needs --to/],
      ["dnpc export runs.sqlite3 --to perfeto", /Did you mean perfetto/],
      ["dnpc export runs.sqlite3 --to csv", /needs -o/],
      [
        "dnpc span-graph runs.sqlite3 -o x.gif",
        /\.dot, \.svg, \.png, \.pdf or \.html/,
      ],
    ];
    for (const [line, says] of lines) {
      const { code, stdout, stderr } = await shell(line);
      assert.equal(code, 125, `${line}: ${stderr}`);
      assert.equal(stdout, "", line);
      assert.match(stderr, /^dnpc: .*\n$/, line);
      assert.match(stderr, says, line);
    }
  }));

Deno.test("dnpc exits with 70 on a bug of its own, and prints versions and the stack", () =>
  inPlace(async ({ shell }) => {
    const { statSync } = Deno;
    Deno.statSync = () => (undefined as unknown as Deno.FileInfo[])[0]!;
    try {
      const { code, stdout, stderr } = await shell(
        "dnpc sql runs.sqlite3 'SELECT 1'",
      );
      assert.equal(code, 70);
      assert.equal(stdout, "");
      assert.match(stderr, /^dnpc: this is a fault of dnpc itself/);
      assert.match(stderr, /^dnpc \d+\.\d+\.\d+, Deno \d.*\nTypeError: /m);
      assert.match(stderr, /^ +at .*data\.ts/m);
    } finally {
      Deno.statSync = statSync;
    }
  }));

Deno.test("dnpc without its packages exits with 125, not like a failed check", () =>
  inPlace(async ({ folder }) => {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--cached-only", "-A", inCheckout("cli.ts"), "--version"],
      env: { DENO_DIR: `${folder}/empty`, NO_COLOR: "1" },
    }).output();
    assert.equal(code, 125);
    assert.match(
      new TextDecoder().decode(stderr),
      /^dnpc: its packages cannot be loaded: .*not found in cache/s,
    );
  }));
