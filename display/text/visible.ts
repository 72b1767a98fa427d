/**
 * Text on one line, of characters that show themselves. What a log says must
 * not move the cursor or change the colours of somebody's terminal, nor turn
 * round the order in which it is read: such characters become U+FFFD, ends of
 * lines "↵" and tabs spaces.
 */
export function visible(text: string): string {
  return text.replace(/\r?\n/g, "↵").replaceAll("\t", " ")
    .replace(hidden, "\ufffd").toWellFormed();
}

// Control characters, and those that embed, override or isolate a direction.
const hidden =
  // deno-lint-ignore no-control-regex
  /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** How many columns of a terminal the text takes. */
export function widthOf(text: string): number {
  // Most text is of letters that take one column each.
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

// Of East Asian scripts, and emoji.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** The first characters of the text that are together no wider than that. */
export function headOf(text: string, width: number): string {
  return taken(text, width).join("");
}

/** The last ones. */
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

/** The text in lines that are no wider than that, broken at spaces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(/(?<=\s)/)) {
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
