import assert from "node:assert/strict";
import { join } from "node:path";
import { ensureJupyter } from "../../tools/jupyter.ts";

/** A running JupyterLab. */
export interface Lab extends AsyncDisposable {
  url: string;
  /** The theme of pages that are opened from now on. */
  setTheme(theme: string): Promise<void>;
  /** Marks a notebook as trusted. */
  trust(name: string): Promise<void>;
}

/** Starts JupyterLab in a folder; stops it on disposal. */
export async function startLab(folder: string): Promise<Lab> {
  const jupyter = await ensureJupyter({ lab: true });
  const environment = {
    ...jupyter.environment,
    // Isolated from the user's settings and signatures.
    JUPYTER_CONFIG_DIR: join(folder, "config"),
    JUPYTER_DATA_DIR: join(folder, "data"),
    JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
  };
  const start = ([program, ...args]: string[]) =>
    new Deno.Command(program!, {
      args,
      cwd: folder,
      env: environment,
      stdout: "null",
      stderr: "null",
    }).spawn();

  const port = freePort();
  const server = start([
    ...jupyter.lab,
    "--no-browser",
    "--allow-root",
    "--ip=127.0.0.1",
    `--port=${port}`,
    "--IdentityProvider.token=test",
    "--LabApp.news_url=None",
  ]);
  const url = `http://127.0.0.1:${port}`;
  await untilReady(`${url}/api?token=test`);
  return {
    url,
    async setTheme(theme) {
      const settings = join(
        environment.JUPYTER_CONFIG_DIR,
        "lab/user-settings/@jupyterlab/apputils-extension",
      );
      await Deno.mkdir(settings, { recursive: true });
      await Deno.writeTextFile(
        join(settings, "themes.jupyterlab-settings"),
        JSON.stringify({ theme }),
      );
    },
    async trust(name) {
      const [program] = jupyter.nbconvert;
      const isModule = jupyter.nbconvert.includes("-m");
      const { success } = await start(
        isModule
          ? [program!, "-m", "nbformat.sign", name]
          : [program!, "trust", name],
      ).status;
      assert.ok(success, "the notebook was not signed");
    },
    async [Symbol.asyncDispose]() {
      server.kill("SIGTERM");
      // Rarely, a thread of Jupyter keeps it from ending.
      const timer = setTimeout(() => server.kill("SIGKILL"), 10_000);
      await server.status;
      clearTimeout(timer);
    },
  };
}

function freePort(): number {
  using probe = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return probe.addr.port;
}

async function untilReady(url: string): Promise<void> {
  for (let i = 0; i < 300; i++) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`JupyterLab does not answer at ${url}`);
}
