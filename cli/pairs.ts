import { UsageError } from "./errors.ts";
import { visible } from "../display/text/untrusted.ts";

/**
 * NAME=VALUE, as often as it is given.
 *
 * @throws {UsageError} if one has no name or no equals sign
 */
export const pairs = (
  option: string,
  values: readonly string[],
): [string, string][] =>
  values.map((text) => {
    const at = text.indexOf("=");
    if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
    throw new UsageError(
      `--${option} takes NAME=VALUE, not "${visible(text)}"`,
    );
  });
