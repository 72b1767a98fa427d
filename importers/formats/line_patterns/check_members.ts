/** By member, the allowed kinds and their description. */
type MemberKinds = Readonly<
  Record<string, readonly [kinds: RegExp, must: string]>
>;

export const membersOfPatterns: MemberKinds = {
  time: [/regular|text/, 'a regular expression, its text, or "syslog"'],
  lines: [
    /array/,
    "an array of patterns, such as " +
    String.raw`{ match: /task (?<task>\d+)/, span: "app.task" }`,
  ],
  path: [/regular|text|undefined/, "a regular expression or its text"],
  year: [/number|undefined/, "a number"],
  seconds: [
    /function|undefined/,
    "a function from the text of a time to Unix seconds",
  ],
  within: [
    /object|text|undefined/,
    '{ run, task, try }, or "path" for groups of path with these names',
  ],
  name: [/text|undefined/, "text that is not empty"],
};

export const membersOfLine: MemberKinds = {
  match: [/regular|text|undefined/, "a regular expression or its text"],
  pairs: [/array|object|text|undefined/, "names of keys"],
  span: [
    /text/,
    'the type of span that these lines are about, such as "app.task"',
  ],
  event: [/text|undefined/, "text"],
  details: [/array|empty|undefined/, "an array of names"],
  metrics: [
    /object|undefined/,
    'names of groups by family, such as { queue: ["length"] }',
  ],
};

/** Checks the names and the kinds of an object's members. */
export function checkMembers(
  value: unknown,
  where: string,
  prefix: string,
  members: MemberKinds,
): void {
  const isObject = typeof value === "object" && value !== null;
  check(isObject, `${where} must be an object; it is ${kindOf(value)}`);
  const given = value as Record<string, unknown>;
  const names = Object.keys(members);
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  check(
    unknown === undefined,
    `${where} cannot have ${JSON.stringify(unknown)}: there is ` +
      names.join(", "),
  );
  for (const name of names) {
    const [kinds, must] = members[name]!;
    const kind = kindOf(given[name]);
    const found = must.endsWith(` not ${kind}`) ? "" : `; it is ${kind}`;
    check(kinds.test(kind), `${prefix}${name} must be ${must}${found}`);
  }
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value instanceof RegExp) return "regular expression";
  if (Array.isArray(value)) return value.length ? "array" : "empty";
  if (typeof value !== "string") return typeof value;
  return value ? "text" : "empty";
}

/** @throws {TypeError} with this message */
export function check(isRight: boolean, message: string): void {
  if (!isRight) throw new TypeError(message);
}
