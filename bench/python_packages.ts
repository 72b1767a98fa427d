import { fileURLToPath } from "node:url";

const folder = new URL("../.bench/python", import.meta.url);
const requirements = new URL("python/requirements.txt", import.meta.url);

/**
 * Installs what bench/python/requirements.txt names into .bench of the checkout,
 * once.
 *
 * @returns the variables under which Python finds it
 * @throws {Error} if pip fails: with what it wrote
 */
export async function pythonPackages(): Promise<Record<string, string>> {
  const wanted = await Deno.readTextFile(requirements);
  const stamp = new URL("../.bench/installed.txt", import.meta.url);
  const installed = await Deno.readTextFile(stamp).catch(() => "");
  if (installed !== wanted) {
    const { success, stderr } = await new Deno.Command("python3", {
      args: [
        ...["-m", "pip", "install", "--quiet", "--upgrade"],
        ...["--disable-pip-version-check", "--target", fileURLToPath(folder)],
        // The file has everything, resolved.
        ...["--no-deps", "--require-hashes"],
        ...["--requirement", fileURLToPath(requirements)],
      ],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    await Deno.writeTextFile(stamp, wanted);
  }
  // The font cache of matplotlib is made once, and not in what is measured.
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
