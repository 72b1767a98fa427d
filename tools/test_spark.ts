// `deno task test:spark`: asks Apache Spark, in two worker processes, the questions
// of tests/campaign. Installs pyspark and pyarrow into .venv-spark; needs Java 17.

import { inCheckout } from "./checkout.ts";
import { findOnPath } from "./programs.ts";
import { runPythonTest } from "./python_test.ts";
import { runTask, SetUpError } from "./set_up_error.ts";

await runTask(async () => {
  if (findOnPath("java") === undefined) {
    throw new SetUpError(
      "Spark needs Java 17 or later (Debian: apt-get install " +
        "openjdk-17-jre-headless)",
    );
  }
  await runPythonTest({
    folder: inCheckout(".venv-spark"),
    packages: ["pyspark==4.3.0", "pyarrow==26.0.1"],
    // pip packs half a gigabyte of pyspark into a wheel, only to unpack it.
    options: ["--config-settings=--build-option=--compression=stored"],
    variable: "DNPC_SPARK_PYTHON",
    files: ["tests/campaign/spark_test.ts"],
  });
});
