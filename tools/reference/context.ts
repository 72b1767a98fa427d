import type { PublicName } from "./declarations.ts";
import type { Places } from "./links.ts";

/** What an entry is written with. */
export interface Context {
  /** The page that it is on, without ".md". */
  page: string;
  places: Places;
  /** All public names, to find what a type extends. */
  names: ReadonlyMap<string, PublicName>;
}
