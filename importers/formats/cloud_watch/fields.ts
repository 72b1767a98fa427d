/** What CloudWatch says of a record. */
export interface Fields {
  /** What was logged, as text. */
  message: string | undefined;
  /** CloudWatch's other fields, by their names, which begin with an @. */
  own: Record<string, unknown>;
  /** Fields that a query took from inside of what was logged. */
  others: Record<string, unknown>;
}

/** The fields of a record, in the names that queries have for them. */
export function fieldsOf(value: unknown): Fields | undefined {
  const named = (Array.isArray(value) ? inPairs(value) : inMembers(value))
    .filter(([name]) => !identifiers.has(name));
  if (named.length === 0) return undefined;
  const isOwn = ([name]: Field) => name.startsWith("@");
  const { "@message": message, ...own } = Object.fromEntries(
    named.filter(isOwn).map(([name, value]) => [name, plain(value)]),
  );
  return {
    message: message === undefined ? undefined : String(message),
    own,
    others: Object.fromEntries(named.filter((field) => !isOwn(field))),
  };
}

type Field = readonly [name: string, value: unknown];

// They lead to the record in CloudWatch alone, and are longer than many of them.
const identifiers: ReadonlySet<string> = new Set(["@ptr", "@eventId"]);

// A row of get-query-results: [{"field": "@timestamp", "value": "2022-..."}, ...].
function inPairs(pairs: readonly unknown[]): Field[] {
  return pairs.flatMap((pair) => {
    const { field, value = null } = isObject(pair) ? pair : {};
    return typeof field === "string" ? [[field, value] as const] : [];
  });
}

// A row of the console has names as in a query, an event those of the interface:
// {"logStreamName": "...", "timestamp": 1659518800123, "message": "..."}.
function inMembers(value: unknown): Field[] {
  if (!isObject(value)) return [];
  const members = Object.entries(value);
  if (members.some(([name]) => name.startsWith("@"))) return members;
  if (!("message" in value || "timestamp" in value)) return [];
  return members.map(([name, value]) => [
    renamed.get(name) ?? `@${name}`,
    value,
  ]);
}

const renamed: ReadonlyMap<string, string> = new Map([
  ["logStreamName", "@logStream"],
]);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

// The console has JSON that was logged as JSON, not as a text of it.
const plain = (value: unknown): unknown =>
  typeof value === "object" && value !== null ? JSON.stringify(value) : value;
