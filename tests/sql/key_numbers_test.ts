import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { KeyNumbers } from "dnpc/sql";

// Decimal integers, other numbers, and texts of one and of two bytes a character.
const text = fc.oneof(
  fc.nat(1200).map(String),
  fc.constantFrom("", "0", "00", "-1", "1e5", " 1", "999999999", "1000000000"),
  fc.string({ unit: "binary", maxLength: 4 }),
  fc.constantFrom("ÿ", "Ā", "\ud800", "\udc00", "ÿ".repeat(300)),
);

Deno.test("KeyNumbers gives equal keys and no others one number", () => {
  fc.assert(fc.property(
    fc.array(fc.array(text, { minLength: 1, maxLength: 3 }), {
      maxLength: 500,
      size: "max",
    }),
    (keys) => {
      const numbers = new KeyNumbers();
      const expected = new Map<string, number>();
      for (const key of keys) {
        const written = JSON.stringify(key);
        const number = numbers.number(key);
        assert.ok(number > 0);
        assert.equal(expected.get(written) ?? number, number, written);
        expected.set(written, number);
      }
      assert.equal(new Set(expected.values()).size, expected.size);
      for (const [written, number] of expected) {
        assert.equal(numbers.known(JSON.parse(written)), number, written);
      }
      assert.equal(numbers.known(["no such key"]), 0);
    },
  ));
});
