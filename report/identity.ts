import { identityNames as names, scopes } from "./client/scopes.js";

/** What a thing is known by: the name of an attribute. */
export type IdentityName = keyof typeof scopes;

/** What a click leads to: the names of the attributes, the widest first. */
export const identityNames = names as readonly IdentityName[];

/** By what a thing is told from all others of its kind. */
export const scopeOf = (kind: IdentityName): readonly IdentityName[] =>
  scopes[kind] as IdentityName[];

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
