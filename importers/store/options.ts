import type { Rule } from "../../sql/mod.ts";

/** What every importer takes beside the database and the path. */
export interface ImportOptions {
  /**
   * Given to every span of the import: a context that no source knows of, such
   * as `{ campaign: "spring", site: "cori" }`. What was imported before is
   * given these in the place of those that it had then; where none are given,
   * it keeps those.
   */
  attributes?: Readonly<Record<string, string | number | boolean>>;
  /**
   * The zone of clock times that are written without one, as the IANA database
   * names it: "America/New_York". The machine's own zone, if not given. A run's
   * own parsl.log, where it is there, knows better and goes before.
   */
  timeZone?: string;
  /**
   * Which records of JSON logs are kept as they are in the table `log_record`:
   * all; those that no rule knows, `"unmatched"`; none; or all, of each the
   * members with these names alone. If not given, all of a log of an unknown
   * kind, and those unmatched of the kinds that are understood. A log of which
   * others were kept is read anew.
   */
  records?: RecordsWanted;
  /**
   * Whether an import that takes longer than a second shows how far it is: on
   * stderr, if that is a terminal, or in the notebook. It does, if not given.
   */
  progress?: boolean;
  /**
   * What relates the components' accounts: `parslRules`, if not given. They are
   * applied to all that is in the database.
   */
  rules?: readonly Rule[];
}

/** Which records of JSON logs are kept as they are. */
export type RecordsWanted = "all" | "unmatched" | "none" | readonly string[];
