/** The names of a run. */
export interface RunRow {
  /** Its id; null if no log names it. */
  run: string | null;
  /** The directory of its logs; null if there are none. */
  rundir: string | null;
}

/** Names of a place; null for a part that its account does not name. */
export interface PlaceRow extends RunRow {
  executor: string | null;
  block: string | null;
  manager: string | null;
  worker: string | null;
  host: string | null;
}

/** One text for the parts of a name. */
export const keyOf = (...parts: (string | null)[]): string => parts.join("\0");

/** The name of the run in keys: its id, or else its directory. */
export const runOf = ({ run, rundir }: RunRow): string => run ?? rundir ?? "";
