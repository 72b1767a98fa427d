/** What a click leads to: the names of the attributes, the widest first. */
export const identityNames = [
  "run",
  "executor",
  "block",
  "manager",
  "worker",
  "task",
  "try",
  "executor_task",
] as const;

/** One of {@linkcode identityNames}. */
export type IdentityName = (typeof identityNames)[number];

/** What a span is known by, as far as it is. */
export type Identity = Partial<Record<IdentityName, string>>;

/** The identity that attributes of a span say, and what else they say. */
export function splitAttributes(
  attributes: string,
): { identity: Identity; rest: Record<string, unknown> } {
  const rest: Record<string, unknown> = JSON.parse(attributes);
  const identity: Identity = {};
  for (const name of identityNames) {
    // Where no log names the run, its directory does.
    const value = name === "run" ? rest.run ?? rest.rundir : rest[name];
    if (value === undefined || value === null) continue;
    identity[name] = typeof value === "object"
      ? JSON.stringify(value)
      : String(value);
    delete rest[name];
  }
  return { identity, rest };
}
