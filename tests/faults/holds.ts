import * as fc from "fast-check";
import type { Figures } from "./figures.ts";

/** Checks properties with these parameters, and counts the generated inputs. */
export function counting(
  counted: Figures,
  parameters: { numRuns: number; seed: number },
): <T>(property: fc.IProperty<T> | fc.IAsyncProperty<T>) =>
  | void
  | Promise<
    void
  > {
  const { numRuns } = parameters;
  return (property) => {
    counted.inputs += numRuns;
    const survived = () => {
      counted.survived += numRuns;
    };
    const done = fc.assert(
      property as fc.IAsyncProperty<unknown>,
      parameters,
    ) as Promise<void> | undefined;
    return done ? done.then(survived) : survived();
  };
}
