/** What the tests of a file tried, added up by the runner of the whole suite. */
export interface Figures {
  /** What they were about. */
  about: string;
  /** Damaged or hostile inputs that were imported. */
  inputs: number;
  /** Those that were read for what they hold, or refused by name. */
  survived: number;
  /** Untouched lines and rows of them that were looked for. */
  rows: number;
  /** Those of them that were not there. */
  lost: number;
}

/** Counts for one kind of fault, and writes it down when the tests end. */
export function figures(about: string): Figures {
  const counted = { about, inputs: 0, survived: 0, rows: 0, lost: 0 };
  const path = Deno.env.get("FAULT_FIGURES");
  if (path !== undefined) {
    globalThis.addEventListener("unload", () => {
      const line = `${JSON.stringify(counted)}\n`;
      Deno.writeTextFileSync(path, line, { append: true });
    });
  }
  return counted;
}

/** Whether the whole suite runs, and not the part of it that is fast. */
export const isWhole = Deno.env.get("FAULTS") === "whole";

/** How many of something: all in the whole suite, few in the fast part. */
export const times = (few: number, many: number): number =>
  isWhole ? many : few;
