import { strict as assert } from "node:assert";
import { implies, type ImpliesRule, type Merged } from "dnpc/sql";
import { assertLinear } from "../importers/growth.ts";

/** Each ship shares its port or its sea with the next. */
const chain = (length: number) =>
  Array.from(
    { length },
    (_, i) => ({ port: Math.floor(i / 2), sea: Math.floor((i + 1) / 2) }),
  );

const rules: ImpliesRule[] = [
  { implies: ["port"], gives: ["fleet"] },
  { implies: ["sea"], gives: ["fleet"] },
];

type Ship = Record<string, string | number>;

/** The number of records that have a member. */
const having = ({ records }: Merged<Ship>, name: string): number =>
  records.filter((record) => record[name] !== undefined).length;

Deno.test("implies() takes linear time along a chain of records", async () => {
  const work = (length: number) => {
    const [first, ...others] = chain(length);
    const merged = implies<Ship>([{ ...first!, fleet: "a" }, ...others], rules);
    assert.equal(having(merged, "fleet"), length);
    assert.equal(merged.contradicted, 0);
  };
  await assertLinear(work, 4000);
});

Deno.test("implies() takes linear time for values that meet in the middle of a chain", async () => {
  const work = (length: number) => {
    const records: Ship[] = chain(length);
    records[0]!.fleet = "a";
    records.at(-1)!.fleet = "b";
    const { contradicted } = implies(records, rules);
    assert.equal(contradicted, 1);
  };
  await assertLinear(work, 4000);
});

Deno.test("implies() takes linear time if each contradiction shows only without the one before", async () => {
  const work = (length: number) => {
    // Each ship has another flag than its number and its fleet imply.
    const records = chain(length).flatMap((ship, number): Ship[] => [
      { ...ship, number, flag: "red" },
      { fleet: "a", number, flag: "blue" },
    ]);
    records[0]!.fleet = "a";
    const all = [...rules, { implies: ["fleet", "number"], gives: ["flag"] }];
    const merged = implies(records, all);
    assert.equal(having(merged, "fleet"), 2 * length);
    assert.equal(merged.contradicted, length);
    assert.deepEqual(
      merged.contradictions[0]!.sides.map(({ values }) => values.flag),
      ["blue", "red"],
    );
  };
  await assertLinear(work, 1000);
});

Deno.test("implies() withdraws what followed from each of many contradictions", () => {
  const length = 200;
  const records = chain(length).flatMap((ship, number): Ship[] => [
    { ...ship, number },
    { fleet: "a", number, flag: "blue" },
    { number, flag: "blue", captain: "Ida" },
    // Known to be of the fleet only after the ship has got its flag.
    { port: Math.min(ship.port + 5, length / 2 - 1), number, flag: "red" },
  ]);
  records[0]!.fleet = "a";
  const merged = implies(records, [
    ...rules,
    { implies: ["fleet", "number"], gives: ["flag"] },
    { implies: ["flag", "number"], gives: ["captain"] },
  ]);
  assert.equal(merged.contradicted, length);
  const ships = merged.records.filter((record) => "sea" in record);
  assert.equal(ships.length, length);
  for (const { fleet, flag, captain } of ships) {
    assert.deepEqual([fleet, flag, captain], ["a", undefined, undefined]);
  }
});
