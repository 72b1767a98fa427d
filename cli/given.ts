import { didYouMean } from "../display/text/nearest.ts";
import { UsageError } from "./errors.ts";

/** The arguments and options of one call, checked against the command. */
export class Given {
  readonly #texts: ReadonlyMap<string, readonly string[]>;

  /** @param texts by name of argument or option; a switch has one empty text */
  constructor(texts: ReadonlyMap<string, readonly string[]>) {
    this.#texts = texts;
  }

  has(name: string): boolean {
    return this.#texts.has(name);
  }

  /** All values of an argument or option; undefined if there are none. */
  some(name: string): readonly string[] | undefined {
    return this.#texts.get(name);
  }

  values(name: string): readonly string[] {
    return this.some(name) ?? [];
  }

  value(name: string): string | undefined {
    return this.some(name)?.[0];
  }

  /** The value of an argument that the command needs. */
  argument(name: string): string {
    return this.value(name)!;
  }

  /** @throws {UsageError} if a value is not a number */
  numbers(option: string): number[] {
    return this.values(option).map((text) => {
      const number = Number(text);
      if (text.trim() !== "" && !Number.isNaN(number)) return number;
      throw new UsageError(`--${option} takes a number, not "${text}"`);
    });
  }

  /** @throws {UsageError} if the value is not one of the names */
  choice<T extends string>(option: string, names: readonly T[]): T | undefined {
    const text = this.value(option);
    const found = names.find((known) => known === text);
    if (text === undefined || found !== undefined) return found;
    throw new UsageError(
      `--${option} takes ${names.slice(0, -1).join(", ")} or ` +
        `${names.at(-1)}, not "${text}"${didYouMean(text, names)}`,
    );
  }

  /**
   * Splits values NAME=VALUE.
   *
   * @throws {UsageError} if a value has no name or no equals sign
   */
  pairs(
    name: string,
    expected = `--${name} takes NAME=VALUE`,
  ): [string, string][] {
    return this.values(name).map((text) => {
      const at = text.indexOf("=");
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
      throw new UsageError(`${expected}, not "${text}"`);
    });
  }
}
