/** Runs `work` on a small mounted disk; false if mounting is not permitted. */
export async function onSmallDisk(
  size: string,
  work: (folder: string) => Promise<void>,
): Promise<boolean> {
  const folder = await Deno.makeTempDir();
  const call = async (command: string, ...args: string[]) => {
    try {
      const stderr = "null";
      return (await new Deno.Command(command, { args, stderr }).output())
        .success;
    } catch {
      return false;
    }
  };
  try {
    const options = ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder];
    if (!await call("mount", ...options)) return false;
    try {
      await work(folder);
    } finally {
      await call("umount", "-l", folder);
    }
    return true;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Command prefix that drops root's privilege to bypass file permissions. */
export const unprivileged = Deno.uid() === 0
  ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
  : ["env"];

/** Whether the prefix works on this machine. */
export const isSetpriv = (() => {
  try {
    const [command, ...args] = [...unprivileged, Deno.execPath(), "-V"];
    return new Deno.Command(command!, { args }).outputSync().success;
  } catch {
    return false;
  }
})();
