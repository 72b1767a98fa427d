/**
 * The look of all charts, on a light page. A chart has its own background: a
 * notebook may show it as an image, which cannot adapt to the page.
 */
export const style = {
  background: "#ffffff",
  /** As in JupyterLab's dark theme. */
  darkBackground: "#111111",
  /** Text and axes: 15.8 to 1 against the background. */
  ink: "#1f2328",
  /** Captions: 6.4 to 1. */
  mutedInk: "#57606a",
  grid: "#d0d7de",
  /** Dots, lines and bars without series. */
  accent: "#0072b2",
  /** Bars that lines are drawn over. */
  paleAccent: "#8cb8dc",
  fontFamily:
    "Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif",
  titleSize: 15,
  subtitleSize: 12,
  textSize: 11,
  padding: 14,
} as const;

/**
 * Approximate width of a text in pixels. The reader's font is unknown: these are
 * the widths of a wide sans-serif, so that the text fits.
 */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width * fontSize;
}

/** The text in lines of at most this many pixels, broken between words. */
export function wrapText(
  text: string,
  fontSize: number,
  width: number,
): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.split(breaks)) {
      const longer = line === "" ? word : `${line} ${word}`;
      if (line !== "" && textWidth(longer, fontSize) > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    return [...lines, line].map((line) => cutText(line, fontSize, width));
  });
}

// Spaces, but for those between a number and its unit: "9.786 s".
const breaks = / (?<!\d (?=(?:[µm]?s|min|h|days?|bytes|[kMGTP]B)(?!\w)))/;

/** The text, cut with an ellipsis if it is wider than this many pixels. */
export function cutText(text: string, fontSize: number, width: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  let [cut, used] = ["", 0];
  for (const character of text) {
    used += characterWidth(character);
    const isTooWide = (used + characterWidth("…")) * fontSize > width;
    if (cut !== "" && isTooWide) break;
    cut += character;
  }
  return `${cut}…`;
}

function characterWidth(character: string): number {
  if (/[ .,:;|!'ijlI()[\]/\\]/.test(character)) return 0.35;
  if (/[ftr\-"*]/.test(character)) return 0.42;
  if (/[mwMW@%]/.test(character)) return 0.92;
  if (/[A-Z_+=<>~µ→±]/.test(character)) return 0.72;
  return character.codePointAt(0)! < 0x2000 ? 0.61 : 1;
}

/** A hash of the text. */
export function hash(text: string): number {
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    value = (Math.imul(value, 31) + text.charCodeAt(i)) >>> 0;
  }
  return value;
}
