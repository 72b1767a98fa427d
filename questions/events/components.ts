import { spanSql as sql, type Sql } from "../../sql/mod.ts";
import componentsText from "./components.sql" with { type: "text" };

/** Returns a query of the component of each type, as components.sql describes. */
export const componentsOf = (types: Sql): Sql =>
  sql.module(componentsText, { types });

/**
 * The components of the types of all spans. The id of a type, its lowest id of a
 * span, stays the same while another program imports.
 */
export const components: Sql = sql.materialized(
  componentsOf(sql`SELECT min(id) AS type_id, type FROM span GROUP BY type`),
  ["type_id", "type", "component"],
  1,
);
