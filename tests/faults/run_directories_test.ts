import * as fc from "fast-check";
import { isAsFresh } from "../importers/made_runinfo.ts";
import { figures, times } from "./figures.ts";

const counted = figures("run directories that are moved, copied and reused");

Deno.test("importRuninfo() leaves what a new import gives, whatever happens to run directories", () =>
  fc.assert(
    isAsFresh((rows) => {
      counted.inputs++;
      counted.survived++;
      counted.rows += rows;
    }),
    { numRuns: times(25, 400), seed: 7, endOnFailure: false },
  ));
