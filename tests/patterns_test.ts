import assert from "node:assert/strict";
import { relative } from "node:path";
import { analyse } from "scslre";
import { filesBelow } from "../importers/discover/paths.ts";
import { checkout, inCheckout } from "../tools/checkout.ts";
import { type NearMiss, nearMisses } from "./near_misses.ts";

const rooms = [
  "campaign",
  "cli",
  "display",
  "importers",
  "plots",
  "questions",
  "report",
  "sql",
];

/** Patterns in these files match only text of this package. */
const readOwnText = new Set([
  "cli/command.ts",
  "report/page.ts",
  "sql/schema_problems.ts",
]);

/** The literals of the tree, each with a place. */
function literals(): Map<string, RegExp> {
  const found = new Map<string, RegExp>();
  let place = "";
  const collect: Deno.lint.Rule = {
    create: () => ({
      Literal(node) {
        if (!("regex" in node) || !node.regex) return;
        const { pattern, flags } = node.regex;
        const literal = new RegExp(pattern, flags);
        found.set(`${literal} in ${place}`, literal);
      },
    }),
  };
  const plugin = { name: "patterns", rules: { collect } };
  for (const room of rooms) {
    for (const file of filesBelow(inCheckout(room))) {
      place = relative(checkout, file);
      if (!/\.[jt]s$/.test(file) || readOwnText.has(place)) continue;
      Deno.lint.runPlugin(plugin, file, Deno.readTextFileSync(file));
    }
  }
  return found;
}

async function builtPatterns(): Promise<Map<string, RegExp>> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", inCheckout("tests", "built_patterns.ts")],
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const built: [string, string][] = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  return new Map(built.map(([source, flags]) => {
    const pattern = new RegExp(source, flags);
    return [`${pattern}, built at run time`, pattern];
  }));
}

const lineOf = ({ start, repeated, end }: NearMiss, length: number): string =>
  start + repeated.repeat(Math.ceil(length / repeated.length)) + end;

/** Milliseconds, the best of several: others may use the processor meanwhile. */
function costOf(pattern: RegExp, line: string, times = 2): number {
  const costs = Array.from({ length: times }, () => {
    pattern.lastIndex = 0;
    const before = performance.now();
    line.replace(pattern, "");
    return performance.now() - before;
  });
  return costs.reduce((a, b) => Math.min(a, b));
}

/** The near-miss line that takes quadratic time, if any. */
function quadraticMiss(pattern: RegExp): NearMiss | undefined {
  let slowest: NearMiss | undefined;
  let cost = 0;
  for (const miss of nearMisses(pattern)) {
    const own = costOf(pattern, lineOf(miss, 3000));
    if (own > cost) [slowest, cost] = [miss, own];
  }
  if (!slowest) return undefined;
  const line = (length: number) => lineOf(slowest, length);
  // Linear work grows by this factor, quadratic work by its square.
  const isQuadratic = (factor: number, times: number) => {
    const short = costOf(pattern, line(20_000), times);
    const long = costOf(pattern, line(factor * 20_000), times);
    return long > factor ** 1.5 * Math.max(short, minCost);
  };
  return isQuadratic(4, 2) && isQuadratic(16, 20) ? slowest : undefined;
}

/** Milliseconds. Linear work on 20 kB takes less. */
const minCost = 1;

Deno.test("every pattern takes linear time", async () => {
  const patterns = new Map([...literals(), ...await builtPatterns()]);
  assert.ok(patterns.size > 400, `only ${patterns.size} patterns were found`);
  const slow = [...patterns].flatMap(([name, pattern]) => {
    const { reports } = analyse(pattern, { maxReports: 1 });
    if (reports.length > 0) return `${name}: ${reports[0]!.type}`;
    const miss = quadraticMiss(pattern);
    return miss ? `${name}: ${JSON.stringify(miss)}` : [];
  });
  assert.deepEqual(slow, []);
});
