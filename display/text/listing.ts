import { escapeMarkup, visible } from "./untrusted.ts";
import { widthOf, wrap } from "./width.ts";

/** A text made of entries, to be read from top to bottom. */
export interface Listing {
  sections: readonly ListingSection[];
  /** A sentence below it. */
  caption?: string | undefined;
}

export interface ListingSection {
  heading: string;
  /** Sentences below the heading. */
  lines: readonly string[];
  /** Whether the first sentence is bad news. */
  isAlarming?: boolean;
  /** Whether the texts are as a file has them, prefixes and all. */
  isRaw?: boolean;
  entries: readonly ListingEntry[];
}

export interface ListingEntry {
  /** Short cells before the text: a time of day, the number of a line. */
  cells: readonly string[];
  /** More about the cells, under the pointer. */
  title?: string | undefined;
  /** A remark above the text. */
  note?: string | undefined;
  /** Begins the text: who says it. */
  lead?: string | undefined;
  text: string;
  /** Ends the text: where it is written. */
  place?: string | undefined;
  /** The whole path, if the place is short. */
  path?: string | undefined;
  /**
   * Lines that continue the text, and their summary; if they are on demand, text
   * lacks them.
   */
  more?: { text: string; summary: string; isOnDemand?: boolean } | undefined;
  /** Whether it matters more than its neighbours. */
  isMarked?: boolean;
  /** Identifies what it is about. */
  key?: number;
}

/** The listing as text. Nothing is cut: text wraps. */
export function listingText(listing: Listing, width: number): string {
  const paragraphs = listing.sections.map((section) =>
    sectionText(section, width)
  );
  if (listing.caption) paragraphs.push(wrapped(listing.caption, width));
  return paragraphs.map((lines) => lines.join("\n")).join("\n\n");
}

const between = "  ";
const maxCells = 40;
const moreIndent = 4;

function sectionText(section: ListingSection, width: number): string[] {
  const { heading, lines, entries } = section;
  const widths: number[] = [];
  for (const { cells } of entries) {
    cells.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, widthOf(visible(cell)));
    });
  }
  const left = Math.min(
    maxCells,
    widths.reduce((sum, cell) => sum + cell + between.length, 0),
  );
  const room = Math.max(20, width - left);
  const body = entries.flatMap((entry) => {
    const { cells, note, lead, text, place, more } = entry;
    const cellsText = cells.map((cell, i) =>
      " ".repeat(widths[i]! - widthOf(visible(cell))) + visible(cell) + between
    ).join("");
    const whole = `${lead ? `${lead}: ` : ""}${text}${
      place ? ` (${place})` : ""
    }`;
    const shown = [
      ...note ? wrapped(note, room) : [],
      ...wrapped(whole, room),
    ];
    const indent = " ".repeat(Math.min(moreIndent, left));
    return [
      ...shown.map((line, i) =>
        ((i === 0 ? cellsText : " ".repeat(left)) + line).trimEnd()
      ),
      ...more && !more.isOnDemand
        ? wrapped(more.text, Math.max(20, width - indent.length))
          .map((line) => (indent + line).trimEnd())
        : [],
    ];
  });
  return [
    // A path to copy stays in one piece.
    ...heading.includes(" ") ? wrapped(heading, width) : [visible(heading)],
    ...lines.flatMap((line) => wrapped(line, width)),
    ...body.length > 0 ? ["", ...body] : [],
  ];
}

/** The lines of a text with their indentation. */
const wrapped = (text: string, width: number): string[] =>
  text.split(/\r?\n/).flatMap((line) => wrap(visible(line), width));

const cellStyle =
  "text-align:right;vertical-align:top;white-space:nowrap;padding:1px 6px";
const textStyle =
  "text-align:left;vertical-align:top;overflow-wrap:anywhere;padding:1px 6px";
const quiet = "opacity:0.7";

/**
 * The listing as HTML, all text escaped. Styles are inline because an untrusted
 * notebook strips style sheets. Lines that continue an entry are folded.
 */
export function listingHtml({ sections, caption }: Listing): string {
  return sections.map(sectionHtml).join("\n") +
    (caption ? `<p><small>${escapeMarkup(caption)}</small></p>` : "");
}

function sectionHtml(section: ListingSection): string {
  const { heading, lines, isAlarming, isRaw, entries } = section;
  const sentences = lines.map((line, i) =>
    i === 0 && isAlarming
      ? `<strong style="color:#d32f2f">${escapeMarkup(line)}</strong>`
      : escapeMarkup(line)
  );
  const rows = entries.map(entryHtml).join("\n");
  const font = isRaw ? ";font-family:monospace" : "";
  return `<p><strong>${escapeMarkup(heading)}</strong><br>` +
    `${sentences.join("<br>")}</p>` +
    `<table style="font-variant-numeric:tabular-nums;max-width:100%${font}">` +
    "<tbody>" +
    `${rows}</tbody></table>`;
}

function entryHtml(entry: ListingEntry): string {
  const { cells, title, note, lead, text, place, path, more, isMarked } = entry;
  const titled = title ? ` title="${escapeMarkup(title)}"` : "";
  const weight = isMarked ? ";font-weight:bold" : "";
  const left = cells.map((cell) =>
    `<td style="${cellStyle}${weight}"${titled}>${escapeMarkup(cell)}</td>`
  );
  const body = [
    note ? `<strong>${escapeMarkup(note)}</strong><br>` : "",
    lead ? `<span style="${quiet}">${escapeMarkup(lead)}:</span> ` : "",
    `<span style="white-space:pre-wrap${weight}">${escapeMarkup(text)}</span>`,
    place
      ? ` <small style="${quiet}"${
        path ? ` title="${escapeMarkup(path)}"` : ""
      }>(${escapeMarkup(place)})</small>`
      : "",
    more
      ? `<details><summary>${escapeMarkup(more.summary)}</summary>` +
        `<pre style="white-space:pre-wrap">${escapeMarkup(more.text)}</pre>` +
        "</details>"
      : "",
  ];
  return `<tr>${left.join("")}<td style="${textStyle}">${
    body.join("")
  }</td></tr>`;
}
