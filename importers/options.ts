/** What every importer takes beside the database and the path. */
export interface ImportOptions {
  /**
   * Given to every span of the import: a context that no source knows of, such
   * as `{ campaign: "spring", site: "cori" }`.
   */
  attributes?: Readonly<Record<string, string | number | boolean>>;
  /**
   * The zone of clock times that are written without one, as the IANA database
   * names it: "America/New_York". The machine's own zone, if not given.
   */
  timeZone?: string;
}
