import about from "../deno.json" with { type: "json" };

/**
 * What a task of deno.json permits, as arguments of Deno: the one place that
 * says so. Of several commands it is the last that counts.
 */
export function permissionsOf(task: keyof typeof about.tasks): string[] {
  const last = about.tasks[task].split("&&").at(-1)!;
  return last.split(" ").filter((word) =>
    /^--(allow|deny|ignore)-|^--no-prompt$/.test(word)
  );
}
