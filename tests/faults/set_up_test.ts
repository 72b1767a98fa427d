import { strict as assert } from "node:assert";
import { fileURLToPath } from "node:url";
import { inFolder } from "../sql/engines.ts";
import { figures, isWhole } from "./figures.ts";

const counted = figures("programs that the tests' set-up does not find");

const tools = fileURLToPath(new URL("../../tools", import.meta.url));

/** Behaviours of apt-get, as shell scripts in a folder of programs. */
const installers: Record<string, string | undefined> = {
  missing: undefined,
  failing: "exit 100",
  // The last word is the package.
  working: `for package; do :; done
    case "$package" in fonts-dejavu-core) package=chromium;; esac
    case "$1" in install)
      printf '#!/bin/sh\\n' > "\${0%/*}/$package"; /bin/chmod 755 "\${0%/*}/$package";;
    esac`,
};

interface Machine {
  /** The programs that it has. */
  has: readonly string[];
  installer: string;
}

/** Runs the set-up of the tests on a machine, with a test that succeeds. */
async function setUp(folder: string, { has, installer }: Machine) {
  const bin = `${folder}/bin`;
  await Deno.mkdir(bin);
  await Deno.mkdir(`${folder}/tools`);
  for await (const { name, isFile } of Deno.readDir(tools)) {
    if (isFile) {
      await Deno.copyFile(`${tools}/${name}`, `${folder}/tools/${name}`);
    }
  }
  const programs: Record<string, string | undefined> = {
    jupyter: "echo 7.16.0",
    "apt-get": installers[installer],
    ...Object.fromEntries(has.map((name) => [name, ""])),
  };
  for (const [name, body] of Object.entries(programs)) {
    if (body === undefined) continue;
    await Deno.writeTextFile(`${bin}/${name}`, `#!/bin/sh\n${body}\n`, {
      mode: 0o755,
    });
  }
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", `${folder}/tools/test.ts`]
      .concat(["deno", "eval", "0"]),
    cwd: folder,
    env: { PATH: bin, CHROMIUM: "", HOME: folder },
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

const advice: Record<string, RegExp> = {
  chromium:
    /Without Chromium or Chrome, the tests that open .* were ignored\. Install/,
  sqlite3:
    /Without the sqlite3 shell, the tests that paste .* were ignored\. Inst/,
};

// Only root on Debian and its relatives installs packages.
const canInstall = Deno.uid() === 0 &&
  await Deno.readTextFile("/etc/os-release")
    .then(
      (text) => /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(text),
      () => false,
    );

for (const installer of Object.keys(installers)) {
  for (const has of [[], ["chromium"], ["sqlite3"], ["chromium", "sqlite3"]]) {
    if (!isWhole && has.length !== 1) continue;
    Deno.test(`the tests' set-up works with ${has.join(" and ") || "no program"}, apt-get ${installer}`, () =>
      inFolder(async (folder) => {
        counted.inputs++;
        const { code, stderr } = await setUp(folder, { has, installer });
        assert.equal(code, 0, stderr);
        for (const [name, says] of Object.entries(advice)) {
          const isThere = has.includes(name) ||
            installer === "working" && canInstall;
          if (isThere) assert.doesNotMatch(stderr, says);
          else assert.match(stderr, says);
        }
        assert.doesNotMatch(stderr, / at .*\.ts:/);
        counted.survived++;
      }));
  }
}

Deno.test("the tests' set-up names a CHROMIUM that is no program", () =>
  inFolder(async (folder) => {
    for (const path of ["/no/such/chrome", folder]) {
      counted.inputs++;
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", "--quiet", `${tools}/test.ts`]
          .concat(["deno", "eval", "0"]),
        env: { CHROMIUM: path, PATH: "/nowhere" },
      }).output();
      assert.equal(code, 1);
      assert.equal(
        new TextDecoder().decode(stderr),
        `CHROMIUM=${path} is not a program.\n`,
      );
      counted.survived++;
    }
  }));
