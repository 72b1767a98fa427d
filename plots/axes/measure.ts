/** The quantity in a column of numbers, and its unit. */
export interface Measure {
  /** The name of the column, without the unit. */
  name: string;
  /** The unit; undefined if there is none, as for cores. */
  unit: string | undefined;
}

/**
 * Reads the quantity and the unit from the name of a column: "memory_mb" is the
 * memory in MB. Another unit may be given.
 */
export function measureOf(column: string, unit?: string): Measure {
  const [, name = column, ending = ""] = withUnit.exec(column) ?? [];
  return {
    name: ending ? name.replaceAll("_", " ") : name,
    unit: unit ?? units[ending],
  };
}

const withUnit = /^(.+)_(bytes_per_second|bytes|kb|mb|gb|seconds)$/;

const units: Record<string, string> = {
  bytes: "bytes",
  bytes_per_second: "bytes/s",
  kb: "kB",
  mb: "MB",
  gb: "GB",
  seconds: "s",
};
