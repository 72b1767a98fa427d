import { DatabaseError } from "./errors.ts";
import { type Token, tokenize } from "./tokens.ts";

/** A statement, analysed without asking SQLite. */
export interface Statement {
  /** The text of this one statement. */
  readonly sql: string;
  /** Whether it can safely run twice: SELECT, VALUES, EXPLAIN, PRAGMA. */
  readonly reads: boolean;
  /** Whether it inserts, updates or deletes rows, and counts its changes. */
  readonly changesRows: boolean;
  /** Whether statements compiled before it may no longer fit the tables. */
  readonly changesSchema: boolean;
  /** Its words in capitals: keywords, functions, unquoted names. */
  readonly words: ReadonlySet<string>;
  /** Every occurrence of a parameter, in order. */
  readonly parameters: readonly ParameterPlace[];
  /** How many values SQLite expects. */
  readonly parameterCount: number;
  /** The first parameter that has a name, as written. */
  readonly firstNamed: string | undefined;
}

/** An occurrence of a parameter in the text. */
export interface ParameterPlace {
  /** As written: `?`, `?2`, `:name`, `$name` or `@name`. */
  readonly text: string;
  /** SQLite's number for it, from 1. */
  readonly index: number;
  /** Where it starts in the text of the statement. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
}

/**
 * The only statement of a text. Of several, both engines would run the first
 * and silently ignore the rest.
 *
 * @throws {DatabaseError} if there is none, or more than one
 */
export function oneStatement(sql: string): Statement {
  const [first, second] = splitTokens(sql);
  if (first === undefined) {
    throw new DatabaseError("there is no statement in this SQL", sql);
  }
  if (second !== undefined) {
    throw new DatabaseError(
      "this takes one statement, and here are several: use exec() for a script",
      sql,
    );
  }
  return analyse(sql, first);
}

/** The statements of a script, one by one. */
export function* splitScript(script: string): Generator<Statement> {
  for (const tokens of splitTokens(script)) yield analyse(script, tokens);
}

function* splitTokens(sql: string): Generator<Token[]> {
  if (typeof sql !== "string") {
    const found = sql === null ? "null" : typeof sql;
    throw new TypeError(
      `the SQL is text, or made by the sql tag; it is ${found}`,
    );
  }
  let tokens: Token[] = [];
  for (const token of tokenize(sql)) {
    if (token.kind !== "semicolon") {
      tokens.push(token);
    } else if (isTrigger(tokens) && !endsTrigger(tokens)) {
      tokens.push(token);
    } else {
      if (tokens.length > 0) yield tokens;
      tokens = [];
    }
  }
  if (tokens.length > 0) yield tokens;
}

// The body of a trigger contains statements. As in sqlite3_complete(), it ends
// at an END that follows a semicolon, which the END of a CASE does not.
function isTrigger(tokens: readonly Token[]): boolean {
  const start = tokens.slice(0, 4).map((token) => token.text).join(" ");
  return /^(EXPLAIN )?CREATE (TEMP |TEMPORARY )?TRIGGER\b/.test(start);
}

function endsTrigger(tokens: readonly Token[]): boolean {
  return tokens.at(-1)?.text === "END" && tokens.at(-2)?.kind === "semicolon";
}

const readers = new Set(["SELECT", "VALUES", "EXPLAIN", "PRAGMA"]);
const changers = ["INSERT", "UPDATE", "DELETE", "REPLACE"];
// ROLLBACK may undo such a change.
const schemaChangers = new Set(
  ["CREATE", "ALTER", "DROP", "ATTACH", "DETACH", "ROLLBACK"],
);

function analyse(text: string, tokens: readonly Token[]): Statement {
  const start = tokens[0]!.start;
  const sql = text.slice(start, tokens.at(-1)!.end);
  const words = new Set<string>();
  for (const token of tokens) if (token.kind === "word") words.add(token.text);
  const [first = ""] = words;
  // A WITH that calls the function replace() counts as writing, which only costs
  // a little time.
  const mayChange = changers.some((word) => words.has(word));
  const changesRows = changers.includes(first) ||
    (first === "WITH" && mayChange);
  const reads = readers.has(first) || (first === "WITH" && !mayChange);
  const changesSchema = schemaChangers.has(first);
  const numbered = numberParameters(tokens, start);
  return { sql, reads, changesRows, changesSchema, words, ...numbered };
}

/** Numbers the parameters as SQLite does. */
function numberParameters(tokens: readonly Token[], offset: number) {
  const parameters: ParameterPlace[] = [];
  const named = new Map<string, number>();
  let parameterCount = 0;
  for (const { kind, text, start, end } of tokens) {
    if (kind !== "parameter") continue;
    let index: number;
    if (text === "?") index = parameterCount + 1;
    else if (text.startsWith("?")) index = Number(text.slice(1));
    else index = named.get(text) ?? parameterCount + 1;
    if (!text.startsWith("?")) named.set(text, index);
    parameterCount = Math.max(parameterCount, index);
    parameters.push({ text, index, start: start - offset, end: end - offset });
  }
  const firstNamed = parameters.find(({ text }) => !text.startsWith("?"))?.text;
  return { parameters, parameterCount, firstNamed };
}
