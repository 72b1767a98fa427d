import assert from "node:assert/strict";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { findBrowser } from "../../tools/browser.ts";
import { inCheckout } from "../../tools/checkout.ts";
import { ensureJupyter } from "../../tools/jupyter.ts";
import { executeNotebook } from "../../tools/notebook.ts";

const name = "getting_started.ipynb";

Deno.test("a chart shows in JupyterLab, in a notebook that is trusted or not", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    // What another program executed is not trusted.
    await executeNotebook(inCheckout("notebooks", name), {
      outputFolder: folder,
    });
    await using lab = await startLab(folder);
    await using browser = await chromium.launch({
      executablePath: findBrowser(),
    });
    const open = async () => {
      const page = await browser.newPage({
        viewport: { width: 1200, height: 900 },
      });
      await page.goto(`${lab.url}/lab/tree/${name}?token=test`);
      return page;
    };
    await t.step("not trusted: as PNG", async () => {
      await assertChart(await open(), "image/png");
    });
    await t.step("trusted: as SVG", async () => {
      await lab.trust(name);
      await assertChart(await open(), "image/svg+xml");
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** The first chart of the notebook is there, of this type and in its size. */
async function assertChart(page: Page, type: string): Promise<void> {
  const chart = page.locator(`.jp-OutputArea-output img`).first();
  await chart.scrollIntoViewIfNeeded();
  const source = await chart.getAttribute("src");
  assert.equal(source?.slice(0, `data:${type}`.length), `data:${type}`);
  const box = await chart.boundingBox();
  assert.ok(box && box.width > 500 && box.height > 300, JSON.stringify(box));
  await page.close();
}

interface Lab extends AsyncDisposable {
  url: string;
  /** Signs a notebook, as a user does who trusts it. */
  trust(name: string): Promise<void>;
}

/** JupyterLab on a folder, until it is disposed of. */
async function startLab(folder: string): Promise<Lab> {
  const jupyter = await ensureJupyter({ lab: true });
  const environment = {
    ...jupyter.environment,
    // Settings and signatures of its own.
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
      await server.status;
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
