import process from "node:process";
import defer * as tar from "tar/parse";
import type { Parser } from "tar/parse";

/**
 * A reader of tarballs. When the package is first looked at it asks for a
 * variable that its own tests set, which would need the permission to read
 * variables: to read logs, that of reading them is enough. So it is shown none.
 */
export function tarParser(
  options: ConstructorParameters<typeof Parser>[0],
): Parser {
  const { env } = process;
  process.env = {};
  try {
    return new tar.Parser(options);
  } finally {
    process.env = env;
  }
}
