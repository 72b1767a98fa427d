import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import * as plots from "dnpc/plots";
import type { Chart } from "dnpc/plots";
import { chartsOfModule } from "./drawings.ts";
import { figures, times } from "./figures.ts";
import { counting } from "./holds.ts";
import { hostile } from "./hostile.ts";

const holds = counting(figures("charts of rows of any kind"), {
  numRuns: times(25, 400),
  seed: 3,
});

const number = fc.oneof(
  fc.integer({ min: -5, max: 30 }),
  fc.double(),
  fc.integer({ min: 1795344042, max: 1795430442 }),
  fc.constantFrom(
    0,
    -0,
    NaN,
    Infinity,
    -Infinity,
    5e-324,
    1e-300,
    1e300,
    -1e300,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
    2 ** 53,
    8.64e12,
    1.8e18,
    -1e18,
  ),
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: number },
  fc.constantFrom(null, undefined, true, false, "", " ", "a", "b", "running"),
  fc.constantFrom(...Object.values(hostile)),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.date({ noInvalidDate: false }),
  fc.constantFrom("2026-11-23 10:00:00", "2026-11-23T10:00:00.5Z", "1e999"),
  fc.constantFrom({}, [], new Uint8Array(2), Symbol.iterator.description),
);
const rows = fc.oneof(
  fc.array(fc.array(value, { minLength: 4, maxLength: 4 }), { maxLength: 12 }),
  // Valid times with arbitrary names.
  fc.array(
    fc.tuple(fc.integer({ min: 0, max: 9 }), number, value, value)
      .map((row): unknown[] => row),
    { maxLength: 12 },
  ),
  fc.array(
    fc.tuple(number, number, value, value).map((row): unknown[] => row),
    { maxLength: 12 },
  ),
);

type Any = (rows: unknown, options: object) => Chart | Promise<Chart>;

const ofEdges: Any = (rows, options) =>
  plots.dependencyGraph({
    nodes: (rows as unknown[][])
      .map(([task, app, state]) => ({ task, app, state })),
    edges: (rows as unknown[][]).map(([from, , to]) => ({ from, to })),
  }, options);

const options: readonly object[] = [
  {},
  { facet: 3 },
  { series: 3, log: true },
  { series: 2, alignStart: true },
  { mark: "line", clock: true, columns: 5 },
  { stack: "shares", maxStates: 2, unit: "MB" },
];

/** Those options that a chart has: it refuses the others. */
async function optionsOf(draw: Any): Promise<object[]> {
  const accepted = async (option: object) => {
    try {
      await draw([], option);
    } catch (error) {
      return !/has no option/.test(String(error));
    }
    return true;
  };
  return await Promise.all(options.map(async (some) => {
    const kept = await Promise.all(
      Object.entries(some).map(async ([name, value]) =>
        await accepted({ [name]: value }) ? [[name, value]] : []
      ),
    );
    return Object.fromEntries(kept.flat());
  }));
}

const others = new Set(["plot"]);
for (const name of await chartsOfModule()) {
  if (others.has(name)) continue;
  const draw = name === "dependencyGraph"
    ? ofEdges
    : plots[name as keyof typeof plots] as unknown as Any;
  const own = await optionsOf(draw);
  Deno.test(`${name}() draws arbitrary rows, or throws a readable error`, () =>
    holds(
      fc.asyncProperty(rows, fc.constantFrom(...own), async (
        rows,
        options,
      ) => {
        let chart: Chart;
        try {
          chart = await draw(rows, options);
          chart.html();
        } catch (error) {
          const isOwn = error instanceof TypeError ||
            error instanceof RangeError;
          // The engine's own messages would not help the user.
          assert.ok(
            isOwn && !engineMessage.test(error.message),
            error instanceof Error ? error.stack : String(error),
          );
          return;
        }
        const { svg, caption } = chart;
        assert.ok(svg.length < 300_000, `${svg.length} bytes`);
        // Only geometry: names may contain these words.
        const drawn = svg.replace(/>[^<]*</g, "><")
          .replace(/aria-\w+="[^"]*"/g, "");
        assert.doesNotMatch(drawn, /NaN|undefined|Infinity|\[object/);
        const hasNames = rows.flat().some((value) =>
          typeof value === "number" && !Number.isFinite(value)
        );
        if (!hasNames) assert.doesNotMatch(svg, />[^<]*NaN/);
        if (!hasNames) assert.doesNotMatch(caption, /NaN|Infinity/);
      }),
    ));
}

const engineMessage =
  /is not a function|Cannot (read|convert|mix)|not iterable|call stack|Invalid (array|time|count|string)|(of|is) undefined|out of range|out of memory/i;
