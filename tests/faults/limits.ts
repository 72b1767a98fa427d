/** Mounts a small disk for a while; false where that is not allowed. */
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

/** Words before a command without which root may do what nobody may. */
export const unprivileged = Deno.uid() === 0
  ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
  : ["env"];

/** Whether a program can be started so. */
export const isSetpriv = (() => {
  try {
    const [command, ...args] = [...unprivileged, Deno.execPath(), "-V"];
    return new Deno.Command(command!, { args }).outputSync().success;
  } catch {
    return false;
  }
})();
