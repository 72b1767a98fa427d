import { join } from "node:path";
import { ensureJupyter, type Jupyter } from "./jupyter.ts";
import { jupyterFolder } from "./kernel_spec.ts";
import { type Ended, run } from "./programs.ts";

let kept: KeptNbconvert | undefined;

/** Runs nbconvert in a folder. */
export async function nbconvert(cwd: string, args: string[]): Promise<Ended> {
  if (kept) return await kept.run(cwd, args);
  const jupyter = await ensureJupyter();
  return await run([...jupyter.nbconvert, ...args], {
    cwd,
    environment: environmentOf(jupyter),
  });
}

const environmentOf = ({ environment }: Jupyter): Record<string, string> => ({
  ...environment,
  // The user's settings could change the result; their home may be read-only.
  JUPYTER_CONFIG_DIR: join(jupyterFolder, "config"),
  JUPYTER_DATA_DIR: join(jupyterFolder, "data"),
  JUPYTER_RUNTIME_DIR: join(jupyterFolder, "runtime"),
  IPYTHONDIR: join(jupyterFolder, "ipython"),
});

interface KeptNbconvert extends AsyncDisposable {
  run(cwd: string, args: string[]): Promise<Ended>;
}

/**
 * Lets one process run every nbconvert until it is disposed of: nbconvert takes
 * longer to load than to execute most notebooks, which have a kernel each. A
 * jupyter from PATH does not say which Python it runs in, and is not kept.
 */
export async function keepNbconvert(): Promise<AsyncDisposable> {
  const jupyter = await ensureJupyter();
  const [python, isModule] = jupyter.nbconvert;
  if (isModule !== "-m") return { async [Symbol.asyncDispose]() {} };
  const server = new Deno.Command(python!, {
    args: ["-c", program],
    env: environmentOf(jupyter),
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const requests = server.stdin.getWriter();
  const answers = server.stdout.pipeThrough(new TextDecoderStream())
    .getReader();
  let last = Promise.resolve<unknown>(undefined);
  const answer = async (cwd: string, args: string[]): Promise<Ended> => {
    await requests.write(
      new TextEncoder().encode(`${JSON.stringify({ cwd, args })}\n`),
    );
    let text = "";
    while (!text.endsWith("\n")) {
      const { value, done } = await answers.read();
      if (done) throw new Error("The process of nbconvert has ended");
      text += value;
    }
    return JSON.parse(text);
  };
  kept = {
    run(cwd, args) {
      // One at a time: the process has one working directory.
      const next = last.then(() => answer(cwd, args));
      last = next.catch(() => {});
      return next;
    },
    async [Symbol.asyncDispose]() {
      kept = undefined;
      await requests.close();
      await answers.cancel();
      await server.status;
    },
  };
  return kept;
}

// Kernels write to the same stdout and stderr.
const program = `
import json, os, sys, tempfile, traceback
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
for line in sys.stdin:
    request = json.loads(line)
    from nbconvert.nbconvertapp import NbConvertApp
    os.chdir(request["cwd"])
    before = os.dup(2)
    with tempfile.TemporaryFile() as written:
        for output in 1, 2:
            os.dup2(written.fileno(), output)
        code = 0
        try:
            NbConvertApp.clear_instance()
            NbConvertApp.launch_instance(request["args"])
        except SystemExit as end:
            code = end.code
        except BaseException:
            traceback.print_exc()
            code = 1
        sys.stderr.flush()
        for output in 1, 2:
            os.dup2(before, output)
        os.close(before)
        written.seek(0)
        text = written.read().decode(errors="replace")
    ended = {"success": not code, "stdout": "", "stderr": text}
    print(json.dumps(ended), file=answers, flush=True)
`;
