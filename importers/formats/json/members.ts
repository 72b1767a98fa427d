/** A JSON object, as it was parsed. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * A member of a JSON object: one of that name, which may hold dots, or else the
 * one that the names between the dots lead to.
 */
export function memberOf(members: Members, name: string): unknown {
  if (Object.hasOwn(members, name)) return members[name];
  let found: unknown = members;
  for (const part of name.split(".")) {
    if (typeof found !== "object" || found === null) return undefined;
    if (!Object.hasOwn(found, part)) return undefined;
    found = (found as Members)[part];
  }
  return found;
}

/** A value as identities have it: as text; undefined if there is none. */
export function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
