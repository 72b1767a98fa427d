import { type AST, parseRegExpLiteral } from "@eslint-community/regexpp";

/** A line that a pattern nearly matches: its middle may have any length. */
export interface NearMiss {
  start: string;
  repeated: string;
  end: string;
}

/** A piece of what a pattern matches, without groups. */
interface Piece {
  /** Texts that match it. */
  texts: string[];
  isRepeated: boolean;
}

const samples = [..."a1 /.Z_-:'\"[]{}(),=#<>%\\\t\n"];
const maxSamples = 5;
/** Repeating more pieces at once finds nothing more. */
const maxPieces = 5;

/**
 * Lines on which a backtracking engine may take quadratic time: what a pattern
 * matches, with some neighbouring pieces repeated, followed by nothing or by an
 * impossible end.
 */
export function* nearMisses(pattern: RegExp): Generator<NearMiss> {
  const { alternatives } = parseRegExpLiteral(pattern).pattern;
  const branches = branchesIn(alternatives);
  const known = new Set<string>();
  for (let branch = 0; branch < branches; branch++) {
    const pieces = joined(piecesOf(alternatives, branch, pattern.flags));
    const text = (from: number, to: number, choice: number) =>
      pieces.slice(from, to)
        .map(({ texts }) => texts[choice % texts.length]).join("");
    for (let from = 0; from < pieces.length; from++) {
      const end = Math.min(pieces.length, from + maxPieces);
      for (let to = from + 1; to <= end; to++) {
        const isOne = pieces.slice(from, to).some((one) => one.isRepeated);
        if (!isOne && from > 0) continue;
        for (let choice = 0; choice < maxSamples; choice++) {
          const start = text(0, from, choice);
          const repeated = text(from, to, choice);
          const key = `${start}\0${repeated}`;
          if (repeated === "" || known.has(key)) continue;
          known.add(key);
          yield { start, repeated, end: "" };
          yield { start, repeated, end: "\n\0" };
        }
      }
    }
  }
}

/** The greatest number of alternatives anywhere. */
const branchesIn = (alternatives: readonly AST.Alternative[]): number =>
  Math.max(
    alternatives.length,
    ...alternatives.flatMap(({ elements }) =>
      elements.map((element) => {
        const inner = element.type === "Quantifier" ? element.element : element;
        return isGroup(inner) ? branchesIn(inner.alternatives) : 1;
      })
    ),
  );

const isGroup = (element: AST.Element): element is AST.Group =>
  element.type === "Group" || element.type === "CapturingGroup";

function piecesOf(
  alternatives: readonly AST.Alternative[],
  branch: number,
  flags: string,
): Piece[] {
  const { elements } = alternatives[branch % alternatives.length]!;
  return elements.flatMap((element): Piece[] => {
    const isQuantified = element.type === "Quantifier";
    const inner = isQuantified ? element.element : element;
    if (isGroup(inner)) return piecesOf(inner.alternatives, branch, flags);
    if (inner.type === "Assertion" || inner.type === "Backreference") return [];
    const isRepeated = isQuantified && element.max === Infinity;
    const times = isQuantified ? Math.max(1, element.min) : 1;
    const texts = samplesOf(inner, flags).map((text) => text.repeat(times));
    return [{ texts, isRepeated }];
  });
}

function samplesOf(element: AST.Element, flags: string): string[] {
  if (element.type === "Character") {
    return [String.fromCodePoint(element.value)];
  }
  const pattern = new RegExp(`^${element.raw}$`, flags.replace(/[gy]/g, ""));
  const found = samples.filter((text) => pattern.test(text));
  return found.length > 0 ? found.slice(0, maxSamples) : ["é"];
}

/** Joins characters to words. */
function joined(pieces: readonly Piece[]): Piece[] {
  const words: Piece[] = [];
  for (const piece of pieces) {
    const last = words.at(-1);
    const isWord = [last, piece].every((one) =>
      one?.isRepeated === false && one.texts.length === 1
    );
    if (isWord) last!.texts = [last!.texts[0]! + piece.texts[0]!];
    else words.push({ ...piece });
  }
  return words;
}
