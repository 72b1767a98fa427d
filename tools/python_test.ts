import { inCheckout } from "./checkout.ts";
import { permissionsOf } from "./permissions.ts";
import { SetUpError } from "./set_up_error.ts";

/** A test of Python programs, with packages that no other test needs. */
interface PythonTest {
  /** Where the packages are installed. */
  folder: string;
  packages: readonly string[];
  /** Further options of pip. */
  options?: readonly string[];
  /** The environment variable that gives the test the path of this Python. */
  variable: string;
  files: readonly string[];
}

/** Runs the test, and ends with its exit code. Installs the packages once. */
export async function runPythonTest(
  { folder, packages, options = [], variable, files }: PythonTest,
): Promise<never> {
  const python = `${folder}/bin/python`;
  const stamp = `${folder}/installed`;
  if (await Deno.readTextFile(stamp).catch(() => "") !== packages.join()) {
    await run("python3", "-m", "venv", "--clear", folder);
    // Without --no-compile it compiles thousands of modules that no test imports.
    const install = ["-m", "pip", "install", "--quiet", "--no-compile"];
    await run(python, ...install, ...options, ...packages);
    await Deno.writeTextFile(stamp, packages.join());
  }
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      ...permissionsOf("test"),
      ...files.map((file) => inCheckout(file)),
    ],
    // As in an activated environment: Parsl looks for its programs on PATH.
    env: {
      [variable]: python,
      PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
    },
  }).spawn().status;
  Deno.exit(code);
}

async function run(program: string, ...args: string[]): Promise<void> {
  const { success } = await new Deno.Command(program, { args }).spawn().status;
  if (!success) throw new SetUpError(`${program} ${args.join(" ")} failed`);
}
