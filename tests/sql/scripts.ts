import { inFolder } from "./engines.ts";

/** Runs a module of this checkout with permissions; returns what it prints. */
export async function runScript(
  script: string,
  permissions: readonly string[],
): Promise<string> {
  let text = "";
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/script.ts`, script);
    const { success, stdout, stderr } = await new Deno.Command(
      Deno.execPath(),
      {
        args: ["run", "--no-check", "--no-prompt", "--config=deno.json"]
          .concat(permissions, `${folder}/script.ts`),
        env: { NO_COLOR: "1" },
      },
    ).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    text = new TextDecoder().decode(stdout).trim();
  });
  return text;
}
