// The mistakes that JavaScript, unlike Python, accepts in silence.

import { withShortStack } from "../notebook/jupyter.ts";
import { counted } from "./format.ts";
import { didYouMean, nearest } from "./nearest.ts";
import { visible } from "./untrusted.ts";

/** The names of all options of a type. The compiler finds a missing one. */
export type OptionNames<Options> = Record<keyof Options & string, true>;

/**
 * Checks the options of a public function, which would otherwise ignore a
 * mistyped one.
 *
 * @param name of the function
 * @param known all options that it takes, the most important one first
 * @throws {TypeError} for anything but an object, and with the nearest name for
 * an unknown option
 */
export function checkOptions<Options extends object>(
  name: string,
  options: Options,
  known: OptionNames<Options>,
): void {
  const names = Object.keys(known);
  if (!isPlain(options)) {
    const example = typeof options === "string"
      ? `${name}({ ${names[0]}: ${quoted(options)} })`
      : `{ ${names.slice(0, 3).map((name) => `${name}: …`).join(", ")} }`;
    throw mistake(
      isDatabase(options)
        ? `${name}() makes a query and takes no database: write ` +
          `db.query(${name}(...))`
        : hasRuns(options)
        ? `${name}() makes a query and takes no campaign: write ` +
          `await campaign.query(${name}(...))`
        : `the options of ${name}() are an object: write ${example}, not ` +
          whatIs(options),
    );
  }
  for (const given of Object.keys(options)) {
    if (Object.hasOwn(known, given)) continue;
    throw mistake(
      `${name}() has no option ${quoted(given)}` +
        (didYouMean(given, names) || ".") +
        (names.length ? ` Its options are ${listed(names)}` : ""),
    );
  }
}

/**
 * Checks the database and the options of a question that answers at once.
 *
 * @throws {TypeError} for anything but an open database, and as `checkOptions`
 */
export function checkQuestion<Options extends object>(
  name: string,
  db: unknown,
  options: Options,
  known: OptionNames<Options>,
): void {
  checkDatabase(name, db);
  checkOptions(name, options, known);
}

/** Databases into which imports run, and how many. */
const importing = new WeakMap<object, number>();

/** Questions refuse a database until its import has ended. */
export async function whileImporting<T>(
  db: object,
  work: Promise<T>,
): Promise<T> {
  const count = (more: number) =>
    importing.set(db, (importing.get(db) ?? 0) + more);
  count(1);
  try {
    return await work;
  } finally {
    count(-1);
  }
}

/**
 * @throws {TypeError} for anything but a database, and for one that is being
 * imported into, with what to write instead
 */
export function checkDatabase(name: string, db: unknown): void {
  if (isDatabase(db)) {
    if (!importing.get(db as object)) return;
    throw mistake(
      `${name}() was asked while an import into the database was running: ` +
        "write await before the import, await importRuninfo(db, ...)",
    );
  }
  throw mistake(
    isPromise(db)
      ? `${name}() was given a database that is not open yet: write ` +
        "const db = await openDatabase()"
      : hasRuns(db)
      ? name === "eventSequences"
        ? `${name}() takes a database: for a campaign, write ` +
          "await sequencesInCampaign(campaign, ...)"
        : `${name}() takes the database of one run: write ${name}(await ` +
          `campaign.database(${quoted(db.runs[0] ?? "000")}))`
      : `${name}() takes the database first, ${name}(db, ...), not ` +
        whatIs(db),
  );
}

export const mistake = (message: string): TypeError =>
  withShortStack(new TypeError(message));

/**
 * Describes a value for an error message. If awaiting, calling or running it is
 * all that is missing, says what to write.
 */
export function whatIs(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (isPromise(value)) {
    return "a promise: write await before the call that returned it";
  }
  if (isQuery(value)) {
    return "a query that has not run: write db.query(...) around it";
  }
  if (isDatabase(value)) return "a database";
  if (hasRuns(value)) return "a campaign";
  if (typeof value === "function") {
    const { name } = value;
    return name
      ? `the function ${visible(name)}: call it, ${visible(name)}(...)`
      : "a function";
  }
  if (typeof value === "string") return `the text ${quoted(value)}`;
  if (Array.isArray(value)) {
    return `an array of ${counted(value.length, "item")}`;
  }
  if (typeof value === "object") {
    const names = Object.keys(value);
    return names.length === 0 ? "an object" : `an object with ${listed(names)}`;
  }
  return `the ${typeof value} ${String(value)}`;
}

/** Names, the first ones of many. */
export function listed(names: readonly string[], max = 24): string {
  const more = names.length - max;
  return names.slice(0, max).map(visible).join(", ") +
    (more > 0 ? ` and ${more} more` : "");
}

/** Names that exist, the nearest one first. */
export function listedFor(given: string, names: readonly string[]): string {
  const near = nearest(given, names);
  return listed(
    near === undefined ? names : [near, ...names.filter((n) => n !== near)],
  );
}

export const quoted = (text: string): string =>
  JSON.stringify(visible(text.length > 80 ? `${text.slice(0, 79)}…` : text));

export const isPromise = (value: unknown): boolean =>
  typeof (value as { then?: unknown } | null)?.then === "function";

/** Whether it is SQL with its values. */
export const isQuery = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "text" in value &&
  "params" in value && "materialized" in value;

export const isDatabase = (value: unknown): boolean =>
  !isPromise(value) && typeof value === "object" && value !== null &&
  "iterate" in value &&
  "query" in value;

/** Whether it is an open campaign, whose answers are promises. */
export const hasRuns = (
  value: unknown,
): value is { readonly runs: readonly string[] } =>
  typeof value === "object" && value !== null && "query" in value &&
  "runs" in value && Array.isArray(value.runs);

export const isPlain = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) &&
  !isPromise(value) && !isQuery(value) && !isDatabase(value) &&
  !hasRuns(value) &&
  typeof (value as Iterable<unknown>)[Symbol.iterator] !== "function";
