// `deno task test:spark`: asks Apache Spark, in two worker processes, the questions
// of tests/campaign. Installs pyspark and pyarrow into .venv-spark; needs Java 17.

import { inCheckout } from "./checkout.ts";
import { permissionsOf } from "./permissions.ts";
import { findOnPath } from "./programs.ts";
import { runTask, SetUpError } from "./set_up_error.ts";

const packages = ["pyspark==4.3.0", "pyarrow==26.0.1"];
const folder = inCheckout(".venv-spark");
const python = `${folder}/bin/python`;
const stamp = `${folder}/installed`;

await runTask(async () => {
  if (findOnPath("java") === undefined) {
    throw new SetUpError(
      "Spark needs Java 17 or later (Debian: apt-get install " +
        "openjdk-17-jre-headless)",
    );
  }
  if (await Deno.readTextFile(stamp).catch(() => "") !== packages.join()) {
    await run("python3", "-m", "venv", "--clear", folder);
    await run(python, "-m", "pip", "install", "--quiet", ...packages);
    await Deno.writeTextFile(stamp, packages.join());
  }
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      ...permissionsOf("test"),
      inCheckout("tests", "campaign", "spark_test.ts"),
    ],
    env: { DNPC_SPARK_PYTHON: python },
  }).spawn().status;
  Deno.exit(code);
});

async function run(program: string, ...args: string[]): Promise<void> {
  const { success } = await new Deno.Command(program, { args }).spawn().status;
  if (!success) throw new SetUpError(`${program} ${args.join(" ")} failed`);
}
