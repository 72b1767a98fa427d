import { Tokenizer, TokenParser, TokenType } from "@streamparser/json";

/** Parses an export piece by piece, from its start or from any record's. */
export interface RecordParser {
  /** @throws {Error} if this cannot follow what came before. */
  write(bytes: Uint8Array): void;
  /** @throws {Error} if this cannot be the end. */
  end(): void;
  /** The records that were complete since this was called last. */
  taken(): unknown[];
  /** The place behind the last record that was complete. */
  readonly behind: number;
  /** The place of the last token, such as a bracket or a text. */
  readonly token: number;
}

// Faster than text by text, and enough for nearly all records.
const stringBufferSize = 1 << 16;

/**
 * Starts at a place in a file: what lies before is taken for `opening`. An
 * array is one of records, an object has one in its results or its events.
 * Several exports may follow each other in one file.
 */
export function recordParser(
  place: number,
  opening: string,
  isArray: boolean,
): RecordParser {
  const separator = "";
  const tokenizer = new Tokenizer({ stringBufferSize, separator });
  const paths = isArray ? ["$.*"] : ["$.results.*", "$.events.*"];
  const parser = new TokenParser({ paths, keepStack: false, separator });
  let records: unknown[] = [];
  let behind = place;
  let token = place;
  const checkNesting = nestingChecker(isArray ? 2 : 3);
  tokenizer.onToken = (info) => {
    token = place - opening.length + info.offset;
    checkNesting(info.token);
    parser.write(info);
  };
  parser.onValue = ({ value, parent }) => {
    if (!Array.isArray(parent)) return;
    records.push(value);
    behind = token + 1;
  };
  if (opening) tokenizer.write(opening);
  return {
    write: (bytes) => tokenizer.write(bytes),
    end() {
      tokenizer.end();
      parser.end();
    },
    taken() {
      const taken = records;
      records = [];
      return taken;
    },
    get behind() {
      return behind;
    },
    get token() {
      return token;
    },
  };
}

// No record that could be kept is as deep.
const deepest = 2000;

/**
 * Throws where a row of get-query-results is inside of another, as all that
 * follow are, for JSON, where the end of one is missing.
 */
function nestingChecker(recordDepth: number): (token: TokenType) => void {
  let depth = 0;
  let isRow = false;
  return (token) => {
    if (token === TokenType.LEFT_BRACKET || token === TokenType.LEFT_BRACE) {
      const isArray = token === TokenType.LEFT_BRACKET;
      depth++;
      if (depth === recordDepth) isRow = isArray;
      else if (depth > recordDepth && isRow && isArray || depth > deepest) {
        throw new SyntaxError("no record is nested like this");
      }
    } else if (
      token === TokenType.RIGHT_BRACKET || token === TokenType.RIGHT_BRACE
    ) depth--;
  };
}
