// `deno task test:parsl`: imports runs with Parsl and with the scripts of
// examples/campaign, and runs the workflow of examples/gate. Installs Parsl into
// .venv-parsl.

import { inCheckout } from "./checkout.ts";
import { runPythonTest } from "./python_test.ts";
import { runTask } from "./set_up_error.ts";

await runTask(() =>
  runPythonTest({
    folder: inCheckout(".venv-parsl"),
    packages: ["parsl==2026.10.26"],
    variable: "DNPC_PARSL_PYTHON",
    files: [
      "tests/campaign/import_runs_test.ts",
      "tests/examples_gate_test.ts",
    ],
  })
);
