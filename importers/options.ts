import type { Rule } from "../sql/mod.ts";

/** What every importer takes beside the database and the path. */
export interface ImportOptions {
  /**
   * Given to every span of the import: a context that no source knows of, such
   * as `{ campaign: "spring", site: "cori" }`.
   */
  attributes?: Readonly<Record<string, string | number | boolean>>;
  /**
   * The zone of clock times that are written without one, as the IANA database
   * names it: "America/New_York". The machine's own zone, if not given. A run's
   * own parsl.log, where it is there, knows better and goes before.
   */
  timeZone?: string;
  /**
   * What relates the components' accounts: `parslRules`, if not given. They are
   * applied to all that is in the database.
   */
  rules?: readonly Rule[];
}
