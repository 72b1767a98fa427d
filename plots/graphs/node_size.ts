import { style } from "../drawing/style.ts";
import { cutText, textWidth } from "../drawing/text.ts";
import type { GraphNode } from "./graph.ts";

/** How wide a label may be, in pixels, before it is cut. */
const widestLabel = 170;
/** Bold is wider. */
const boldness = 1.08;

/** How large the box of a node is, in pixels: its text fits. */
export function nodeSize(
  { title, note }: Pick<GraphNode, "title" | "note">,
): { width: number; height: number } {
  const notes = linesOf(note);
  const widest = Math.max(
    28,
    textWidth(title, style.textSize) * boldness,
    ...notes.map((line) => textWidth(line, noteSize)),
  );
  return {
    width: Math.ceil(Math.min(widestLabel, widest)) + 14,
    height: 22 + notes.length * noteLineHeight + barHeight,
  };
}

/** How large the lines below the title are, in pixels. */
export const noteSize = 10;

/** How far they are apart. */
export const noteLineHeight = 13;

/** How high the bar at the foot of a node is. */
export const barHeight = 5;

/** The title as it fits into its box. */
export const shownTitle = (title: string): string =>
  cutText(title, style.textSize * boldness, widestLabel);

/** The lines of the note as they fit into its box. */
export const shownNotes = (note: string): string[] =>
  linesOf(note).map((line) => cutText(line, noteSize, widestLabel));

const linesOf = (note: string) => note === "" ? [] : note.split("\n");
