import about from "../deno.json" with { type: "json" };

/**
 * The permissions of a task in deno.json, as arguments of Deno. If the task has
 * several commands, those of the last.
 */
export function permissionsOf(task: keyof typeof about.tasks): string[] {
  const last = about.tasks[task].split("&&").at(-1)!;
  return last.split(" ").filter((word) =>
    /^--(allow|deny|ignore)-|^--no-prompt$/.test(word)
  );
}
