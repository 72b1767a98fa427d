/** Width of a text in terminal columns. */
export function widthOf(text: string): number {
  if (narrow.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

const narrow = /^[\x20-\u02ff]*$/;

function widthOfCharacter(character: string): number {
  if (/[\p{Mn}\p{Me}\p{Cf}]/u.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

// East Asian scripts and emoji take two columns.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** The longest start of a text that fits a width. */
export function headOf(text: string, width: number): string {
  return taken(text, width).join("");
}

/** The longest end of a text that fits a width. */
export function tailOf(text: string, width: number): string {
  return taken([...text].reverse(), width).reverse().join("");
}

function taken(characters: Iterable<string>, width: number): string[] {
  const kept: string[] = [];
  let left = width;
  for (const character of characters) {
    left -= widthOfCharacter(character);
    if (left < 0) break;
    kept.push(character);
  }
  return kept;
}

/** Breaks text into lines that fit a width, by default at spaces. */
export function wrap(
  text: string,
  width: number,
  breaks = /(?<=\s)/,
): string[] {
  const lines: string[] = [""];
  for (const word of text.split(breaks)) {
    const longer = lines.at(-1)! + word;
    if (widthOf(longer.trimEnd()) <= width) {
      lines[lines.length - 1] = longer;
      continue;
    }
    if (lines.at(-1) === "") lines.pop();
    for (let rest = word; rest;) {
      const head = headOf(rest, width) || rest;
      lines.push(head);
      rest = rest.slice(head.length);
    }
  }
  return lines.map((line) => line.trimEnd());
}
