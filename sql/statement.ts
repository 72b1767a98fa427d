import { whatIs } from "../display/text/mistakes.ts";
import { DatabaseError } from "./errors.ts";
import { type Token, tokenize } from "./tokens.ts";

/** A statement, analysed without asking SQLite. */
export interface Statement {
  /** The text of this one statement. */
  readonly sql: string;
  /** Whether it can safely run twice: SELECT, VALUES, EXPLAIN, PRAGMA. */
  readonly reads: boolean;
  /** Whether it can stand in brackets: SELECT, VALUES, WITH ... SELECT. */
  readonly isQuery: boolean;
  /** Whether it inserts, updates or deletes rows, and counts its changes. */
  readonly changesRows: boolean;
  /** Whether statements compiled before it may no longer fit the tables. */
  readonly changesSchema: boolean;
  /** Its words in capitals: keywords, functions, unquoted names. */
  readonly words: ReadonlySet<string>;
  /** Every occurrence of a parameter, in order. */
  readonly parameters: readonly ParameterPlace[];
  /** Number of values that SQLite expects. */
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
}

/**
 * The only statement of a text. Of several, both engines would run the first
 * and silently ignore the rest.
 *
 * @throws {DatabaseError} if there is none, or more than one
 */
export function oneStatement(sql: string): Statement {
  const [first, second] = splitScript(sql);
  if (first === undefined) {
    throw new DatabaseError("there is no statement in this SQL", sql);
  }
  if (second !== undefined) {
    throw new DatabaseError(
      "this takes one statement, and here are several: use exec() for a script",
      sql,
    );
  }
  return first;
}

/** The statements of a script, one by one. */
export function splitScript(script: string): Iterable<Statement> {
  if (typeof script !== "string") {
    throw new TypeError(
      `the SQL is text, or made by the sql tag, not ${whatIs(script)}`,
    );
  }
  if (script.length > maxKept) return split(script);
  const statements = analysed.get(script) ?? [...split(script)];
  // As the most recent one.
  analysed.delete(script);
  if (analysed.size === maxTexts) {
    analysed.delete(analysed.keys().next().value!);
  }
  analysed.set(script, statements);
  return statements;
}

/**
 * The most recent texts, of all databases: each import into a new one runs the
 * same SQL, and reading it takes a fifth of the time of a small import.
 */
const analysed = new Map<string, readonly Statement[]>();
const maxTexts = 500;
const maxKept = 30_000;

function* split(script: string): Generator<Statement> {
  let tokens: Token[] = [];
  for (const token of tokenize(script)) {
    const isInside = token.kind !== "semicolon" ||
      isTrigger(tokens) && !endsTrigger(tokens);
    if (isInside) tokens.push(token);
    else if (tokens.length > 0) {
      yield analyse(script, tokens);
      tokens = [];
    }
  }
  if (tokens.length > 0) yield analyse(script, tokens);
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

const changers = ["INSERT", "UPDATE", "DELETE", "REPLACE"];
// ROLLBACK may undo such a change.
const schemaChangers = new Set(
  ["CREATE", "ALTER", "DROP", "ATTACH", "DETACH", "ROLLBACK"],
);

function analyse(text: string, tokens: readonly Token[]): Statement {
  const sql = text.slice(tokens[0]!.start, tokens.at(-1)!.end);
  const words = new Set<string>();
  const parameters: ParameterPlace[] = [];
  const named = new Map<string, number>();
  let parameterCount = 0;
  for (const { kind, text } of tokens) {
    if (kind === "word") words.add(text);
    if (kind !== "parameter") continue;
    // Numbered as by SQLite.
    const index = /^\?\d/.test(text)
      ? Number(text.slice(1))
      : named.get(text) ?? parameterCount + 1;
    if (!text.startsWith("?")) named.set(text, index);
    parameterCount = Math.max(parameterCount, index);
    parameters.push({ text, index });
  }
  const [first = ""] = words;
  // A WITH that calls the function replace() counts as writing, which only costs
  // a little time.
  const mayChange = changers.some((word) => words.has(word));
  const isQuery = first === "SELECT" || first === "VALUES" ||
    (first === "WITH" && !mayChange);
  return {
    sql,
    reads: isQuery || first === "EXPLAIN" || first === "PRAGMA",
    isQuery,
    changesRows: changers.includes(first) || (first === "WITH" && mayChange),
    changesSchema: schemaChangers.has(first),
    words,
    parameters,
    parameterCount,
    firstNamed: named.keys().next().value,
  };
}
