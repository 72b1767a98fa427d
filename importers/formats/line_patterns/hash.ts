import type { PlainOptions } from "../../store/options.ts";
import { sha256 } from "../../container/sha256.ts";
import { groupsOf } from "./groups.ts";
import type { PlainPatterns } from "./plain_patterns.ts";

/**
 * Tells by what a file was read: other patterns, or other attributes, would have
 * made other spans of it. What its path says is among them, for two files may be
 * alike and tell of two workers; but not where a run lies.
 */
export function hashOf(
  { time, lines, seconds }: PlainPatterns,
  { attributes, timeZone }: PlainOptions,
  { rundir: _, ...path }: Record<string, string>,
): string {
  const readsLocal = lines.some(({ match }) =>
    groupsOf(match).includes("time")
  );
  const by = [
    String(time),
    String(seconds),
    lines.map(({ match, ...rest }) => [String(match), rest]),
    Object.entries(JSON.parse(attributes)).sort(),
    Object.entries(path),
    readsLocal && timeZone,
  ];
  return sha256().update(JSON.stringify(by)).digest("hex");
}
