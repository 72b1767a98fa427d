import { tokenize } from "../sql/mod.ts";

/**
 * The text with each `x ->> y` replaced.
 *
 * @param replace gets the texts of both operands
 */
export function replaceArrows(
  text: string,
  replace: (left: string, right: string) => string,
): string {
  const tokens = [...tokenize(text)];
  const partner = partners(tokens.map(({ text }) => text));
  const found: { start: number; end: number; left: string; right: string }[] =
    [];
  for (let i = 1; i + 3 < tokens.length; i++) {
    const isArrow = tokens[i]!.text === "-" && tokens[i + 1]!.text === ">" &&
      tokens[i + 2]!.text === ">" && tokens[i]!.end === tokens[i + 1]!.start;
    if (!isArrow) continue;
    // An operand is a name with its table, a call, or something in parentheses.
    let first = partner.get(i - 1) ?? i - 1;
    if (first !== i - 1 && tokens[first - 1]?.kind === "word") first--;
    while (tokens[first - 1]?.text === ".") first -= 2;
    let last = partner.get(i + 3) ?? i + 3;
    while (tokens[last + 1]?.text === ".") last += 2;
    const [start, end] = [tokens[first]!.start, tokens[last]!.end];
    found.push({
      start,
      end,
      left: text.slice(start, tokens[i - 1]!.end),
      right: text.slice(tokens[i + 3]!.start, end),
    });
  }
  return spliced(
    text,
    found.filter((one) =>
      !found.some((other) =>
        other !== one && other.start <= one.start && other.end >= one.end
      )
    ).map(({ start, end, left, right }) => ({
      start,
      end,
      text: replace(
        replaceArrows(left, replace),
        replaceArrows(right, replace),
      ),
    })),
  );
}

/**
 * The text with each call of a function replaced.
 *
 * @param replace gets the texts of the arguments
 */
export function replaceCalls(
  text: string,
  name: string,
  replace: (args: string[]) => string,
): string {
  const tokens = [...tokenize(text)];
  const partner = partners(tokens.map(({ text }) => text));
  const calls: { start: number; end: number; text: string }[] = [];
  for (let i = 0; i + 1 < tokens.length; i++) {
    const isCall = tokens[i]!.text === name && tokens[i]!.kind === "word" &&
      tokens[i + 1]!.text === "(";
    if (!isCall) continue;
    const close = partner.get(i + 1)!;
    const args: string[] = [];
    let from = tokens[i + 1]!.end;
    for (let j = i + 2; j <= close; j++) {
      const inner = partner.get(j);
      if (inner !== undefined && inner > j) j = inner;
      else if (tokens[j]!.text === "," || j === close) {
        args.push(text.slice(from, tokens[j]!.start).trim());
        from = tokens[j]!.end;
      }
    }
    calls.push({
      start: tokens[i]!.start,
      end: tokens[close]!.end,
      text: replace(args.map((arg) => replaceCalls(arg, name, replace))),
    });
    i = close;
  }
  return spliced(text, calls);
}

/**
 * The text with each table that it names after FROM or JOIN replaced, but those
 * with the name of a part of a WITH.
 *
 * @param replace gets the name; returns a query, or undefined to leave it
 */
export function replaceTables(
  text: string,
  replace: (table: string) => string | undefined,
): string {
  const tokens = [...tokenize(text)];
  const textAt = (i: number) => tokens[i]?.text ?? "";
  const partner = partners(tokens.map(({ text }) => text));
  const parts = new Set<string>();
  const found: { start: number; end: number; text: string }[] = [];
  for (const [i, { kind, start, end }] of tokens.entries()) {
    if (kind !== "word") continue;
    let next = i + 1;
    if (/^(FROM|JOIN)$/.test(textAt(i - 1)) && !/^[.(]$/.test(textAt(next))) {
      const name = text.slice(start, end);
      const query = replace(name);
      if (query === undefined) continue;
      const hasName = tokens[next]?.kind === "word" &&
        !afterTables.test(textAt(next));
      const as = hasName ? "" : ` AS ${name}`;
      found.push({ start, end, text: `(${query})${as}` });
    } else if (/^(WITH|RECURSIVE|,)$/.test(textAt(i - 1))) {
      if (textAt(next) === "(") next = (partner.get(next) ?? next) + 1;
      const isPart = textAt(next) === "AS" &&
        /^(\(|NOT|MATERIALIZED)$/.test(textAt(next + 1));
      if (isPart) parts.add(text.slice(start, end));
    }
  }
  const isPart = ({ start, end }: typeof found[0]) =>
    parts.has(text.slice(start, end));
  return spliced(text, found.filter((one) => !isPart(one)));
}

/** Words after a table that are not another name of it. */
const afterTables = new RegExp(
  "^(?:ON|USING|WHERE|JOIN|LEFT|RIGHT|FULL|INNER|CROSS|NATURAL|LATERAL|GROUP|" +
    "HAVING|WINDOW|ORDER|LIMIT|UNION|EXCEPT|INTERSECT)$",
);

/** A part of a WITH that finds each row once, following itself. */
export interface Recursion {
  /** The name by which the query knows its rows. */
  view: string;
  /** Its name in `step`. */
  name: string;
  columns: readonly string[];
  /** Query of the first rows. */
  seed: string;
  /** Query of the rows that follow those of `name`. */
  step: string;
}

/**
 * The text without recursions that use UNION, and these in an order in which each
 * names only views of those before it.
 */
export function extractRecursions(
  text: string,
): { text: string; recursions: Recursion[] } {
  const recursions: Recursion[] = [];
  const views = new Map<string, string>();
  const viewOf = (found: Omit<Recursion, "view">): string =>
    views.getOrInsertComputed(JSON.stringify(found), () => {
      const view = `recursion_${recursions.length}`;
      recursions.push({ view, ...found });
      return view;
    });
  // The last one first, because it has no other inside.
  for (let start = Infinity;;) {
    const tokens = [...tokenize(text)];
    const partner = partners(tokens.map(({ text }) => text));
    const textAt = (i: number) => tokens[i]?.text ?? "";
    const first = tokens.findLastIndex(({ text, start: at }, i) =>
      text === "RECURSIVE" && textAt(i - 1) === "WITH" && at < start
    );
    if (first < 0) return { text, recursions };
    start = tokens[first]!.start;
    for (let i = first + 1;; i++) {
      const name = text.slice(tokens[i]!.start, tokens[i]!.end);
      const listed = textAt(i + 1) === "(" ? partner.get(i + 1)! : undefined;
      let open = (listed ?? i) + 2;
      while (textAt(open) !== "(") open++;
      const close = partner.get(open)!;
      let union = open + 1;
      while (union < close && textAt(union) !== "UNION") {
        union = (textAt(union) === "(" ? partner.get(union)! : union) + 1;
      }
      const isRecursion = listed !== undefined && union < close &&
        textAt(union + 1) !== "ALL" &&
        tokens.slice(union, close).some(({ text }) =>
          text === name.toUpperCase()
        );
      if (isRecursion) {
        const [from, to] = [tokens[open]!.end, tokens[close]!.start];
        // The parts before, which it may name.
        const before = text.slice(tokens[first]!.end, tokens[i]!.start)
          .trimEnd().replace(/,$/, "");
        const withParts = (query: string) =>
          before.trim() === "" ? query : `WITH RECURSIVE ${before} ${query}`;
        const found = {
          name,
          columns: text.slice(tokens[i + 1]!.end, tokens[listed]!.start)
            .split(",").map((column) => column.trim()),
          seed: withParts(text.slice(from, tokens[union]!.start)),
          step: withParts(text.slice(tokens[union]!.end, to)),
        };
        const view = viewOf(found);
        text = `${text.slice(0, from)}SELECT * FROM ${view}${text.slice(to)}`;
        break;
      }
      if (textAt(close + 1) !== ",") break;
      i = close + 1;
    }
  }
}

/** By the index of a parenthesis, that of the other one. */
function partners(tokens: readonly string[]): Map<number, number> {
  const partner = new Map<number, number>();
  const open: number[] = [];
  tokens.forEach((token, i) => {
    if (token === "(") open.push(i);
    if (token !== ")" || open.length === 0) return;
    const start = open.pop()!;
    partner.set(i, start);
    partner.set(start, i);
  });
  return partner;
}

/** The text with new parts, which are in order and do not overlap. */
function spliced(
  text: string,
  parts: readonly { start: number; end: number; text: string }[],
): string {
  let result = "";
  let done = 0;
  for (const part of parts) {
    result += text.slice(done, part.start) + part.text;
    done = part.end;
  }
  return result + text.slice(done);
}
