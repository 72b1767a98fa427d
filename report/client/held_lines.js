import { count, counted } from "../../display/text/plain.js";

/** How many lines of each source the page holds. */
export function heldLines(rows) {
  const { source, line } = rows.columns;
  const seen = rows.sources.map(({ lines = 0 }) => new Uint8Array(lines + 1));
  const counts = new Int32Array(rows.sources.length);
  for (let row = 0; row < rows.length; row++) {
    const of = source[row];
    if (of < 0 || line[row] < 0 || seen[of]?.[line[row]] !== 0) continue;
    seen[of][line[row]] = 1;
    counts[of]++;
  }
  return counts;
}

/** How many lines of the chosen files are not here, and why. */
export function heldText({ sources }, heldOf, { file, run }) {
  const sums = { lines: 0, held: 0, continued: 0, copies: 0, malformed: 0 };
  sources.forEach((source, i) => {
    if (file !== undefined && source.path !== file) return;
    if (run !== undefined && source.run !== null && source.run !== run) return;
    sums.lines += source.lines ?? 0;
    sums.held += heldOf[i];
    for (const name of ["continued", "copies", "malformed"]) {
      sums[name] += source[name] ?? 0;
    }
  });
  if (sums.lines === 0) return "";
  const { lines, held, continued, copies, malformed } = sums;
  const others = Math.max(0, lines - held - continued - copies - malformed);
  const parts = [
    continued && `${count(continued)} continue others`,
    copies && `${count(copies)} are copies`,
    malformed && `${count(malformed)} are broken`,
    others && `${count(others)} were not imported as events`,
  ].filter(Boolean);
  const where = file === undefined ? "of all files" : `of ${file}`;
  return `${count(held)} of the ${counted(lines, "line")} ${where} are here` +
    (parts.length > 0 ? `; ${parts.join(", ")}.` : ".");
}
