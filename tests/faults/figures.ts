/** Totals for the tests of a file; the runner of the whole suite adds them up. */
export interface Figures {
  /** Subject of the tests: the row label in tests/README.md. */
  about: string;
  /** Number of damaged or hostile inputs. */
  inputs: number;
  /** Number of inputs that were read correctly or rejected with their path. */
  survived: number;
  /** Number of undamaged lines and rows that must be found. */
  rows: number;
  /** Number of undamaged lines and rows that were missing. */
  lost: number;
}

/** Counters for one kind of fault, appended to a file when the tests end. */
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

/** Whether the whole suite runs, rather than its fast part. */
export const isWhole = Deno.env.get("FAULTS") === "whole";

/** Number of repetitions: `many` in the whole suite, else `few`. */
export const times = (few: number, many: number): number =>
  isWhole ? many : few;
