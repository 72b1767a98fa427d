import { strict as assert } from "node:assert";
import {
  statementShapes,
  templateOfShape,
} from "../../importers/lines/shapes.ts";
import { templateOf } from "../../importers/lines/template.ts";

const alike: Record<string, readonly string[]> = {
  numbers: ["Task 5 waits 0.5 s.", "Task 1234567 waits 12.25 s."],
  "ids of managers": ["Manager b'9f' is lost", "Manager b'a-1' is lost"],
  "executors' labels": [
    "Task 5 will be sent to executor htex",
    "Task 6 will be sent to executor htex",
  ],
};

for (const [claim, [first, second]] of Object.entries(alike)) {
  Deno.test(`statementShapes() gives one shape to messages that differ in ${claim}`, () => {
    const shapes = statementShapes(claim);
    const shape = shapes.of(first!);
    assert.ok(shape);
    assert.equal(shapes.of(second!), shape);
  });
}

// The shape of the first message must not match the others.
const different: readonly (readonly string[])[] = [
  ["of 1234567", "of 12345678", "of 123456a", "of 0x1f", "of -5"],
  ["at 5, 6", "at [5, 6]", "at [5], 6"],
  ["id 12345678-123-1234", "id 12345678-1234-1234-1234-123456789abc"],
  ["in 5", "in 5.5", "in 5.5.5", "in 5e5", "in 5e", "in block-5"],
  ["by b'a'", "by b'a b'", "by 'a'", "by b'<a>'"],
  ["100%s of 5", "100%s of 6"],
  ["on <A at 0x1f>", "on <A at 0x2f>"],
  [`${"5 ".repeat(99)}x`, `${"1234567 ".repeat(99)}x`],
  ["task 5", "task 5\nb", "xtask 5"],
];

for (const messages of different) {
  const [first] = messages;
  Deno.test(`templateOfShape() agrees with templateOf() on messages like ${JSON.stringify(first!.slice(0, 20))}`, () => {
    const shapes = statementShapes(`template of ${first}`);
    for (const message of messages) {
      const shape = shapes.of(message);
      if (!shape) continue;
      assert.deepEqual(templateOfShape(shape, message), templateOf(message));
    }
  });
}
