import { fileURLToPath } from "node:url";

const folder = new URL("../.bench/python", import.meta.url);
const requirements = new URL("python/requirements.txt", import.meta.url);

/**
 * Installs bench/python/requirements.txt into .bench of the checkout, unless
 * already done.
 *
 * @returns the environment variables with which Python finds the packages
 * @throws {Error} with the output of pip if it fails
 */
export async function pythonPackages(): Promise<Record<string, string>> {
  const wanted = await Deno.readTextFile(requirements);
  const stamp = new URL("../.bench/installed.txt", import.meta.url);
  const installed = await Deno.readTextFile(stamp).catch(() => "");
  if (installed !== wanted) {
    const { success, stderr } = await new Deno.Command("python3", {
      args: [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--upgrade",
        "--disable-pip-version-check",
        "--target",
        fileURLToPath(folder),
        "--no-deps",
        "--require-hashes",
        "--requirement",
        fileURLToPath(requirements),
      ],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    await Deno.writeTextFile(stamp, wanted);
  }
  // Builds matplotlib's font cache outside of the measurements.
  const variables = {
    PYTHONPATH: fileURLToPath(folder),
    MPLCONFIGDIR: fileURLToPath(
      new URL("../.bench/matplotlib", import.meta.url),
    ),
  };
  await new Deno.Command("python3", {
    args: ["-c", "import matplotlib.pyplot"],
    env: variables,
  }).output();
  return variables;
}
