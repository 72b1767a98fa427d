import about from "../deno.json" with { type: "json" };

/**
 * The permissions of a task in deno.json, as arguments of Deno: of the last Deno
 * that it starts.
 */
export function permissionsOf(task: keyof typeof about.tasks): string[] {
  const last = about.tasks[task].split("deno ").at(-1)!;
  return last.split(" ").filter((word) =>
    /^--(allow|deny|ignore)-|^--no-prompt$/.test(word)
  );
}
