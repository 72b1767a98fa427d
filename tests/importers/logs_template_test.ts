import { strict as assert } from "node:assert";
import { assertLinear } from "./growth.ts";
import { templateOf } from "../../importers/lines/template.ts";

const templates: [message: string, text: string, values: string[]][] = [
  [
    "Task 5 will be sent to executor htex_Local",
    "Task %s will be sent to executor %s",
    ["5", "htex_Local"],
  ],
  [
    "Parsl task 0 try 0 launched on executor a-b.c with executor id 1",
    "Parsl task %s try %s launched on executor %s with executor id %s",
    ["0", "0", "a-b.c", "1"],
  ],
  [
    "Parsl version: 1.3.0-dev-84803bdc2-clean",
    "Parsl version: %s",
    ["1.3.0-dev-84803bdc2-clean"],
  ],
  ["Parsl version: 2026.05.11", "Parsl version: %s", ["2026.05.11"]],
  [
    "Run id is: e810cbf3-0876-4a10-bac6-ca41e176d173",
    "Run id is: %s",
    ["e810cbf3-0876-4a10-bac6-ca41e176d173"],
  ],
  [
    "Task 7 has memoization hash 900150983cd24fb0d6963f7d28e17f72",
    "Task %s has memoization hash %s",
    ["7", "900150983cd24fb0d6963f7d28e17f72"],
  ],
  ["Manager ID: 4c57a1f4c2bf", "Manager ID: %s", ["4c57a1f4c2bf"]],
  [
    "Got 2 items from b'4c57' and \"it's\"",
    "Got %s items from %s and %s",
    ["2", "b'4c57'", '"it\'s"'],
  ],
  [
    "Output at /home/parsl/a b/x.out, or 'here'",
    "Output at %s b/x.out, or %s",
    ["/home/parsl/a", "'here'"],
  ],
  [
    "Join callback for <AppFuture at 0x7f state=<x>> done",
    "Join callback for %s done",
    ["<AppFuture at 0x7f state=<x>>"],
  ],
  ["at 0x7fa43abff6d0", "at %s", ["0x7fa43abff6d0"]],
  // A program that forgot the arguments of its format.
  ["not %s after 5 tries", "not %s after %s tries", ["%s", "5"]],
  ["from 127.0.0.1:60920", "from %s:%s", ["127.0.0.1", "60920"]],
  ["-1.5 of -3, 1e-06 s", "%s of %s, %s s", ["-1.5", "-3", "1e-06"]],
  ["block-0 and htex2", "block-%s and htex2", ["0"]],
  [
    "Current tasks on manager b'4c57': [5, 6, 7]",
    "Current tasks on manager %s: [%s]",
    ["b'4c57'", "5, 6, 7"],
  ],
  [
    "[Scaling executor htex] Scaling out by 1 blocks",
    "[Scaling executor %s] Scaling out by %s blocks",
    ["htex", "1"],
  ],
  [
    "Registered: {'id': 'm', 'packages': {'dill': '0.3.9', 'six': '1'}}",
    "Registered: {%s: %s, %s: {%s}}",
    ["'id'", "'m'", "'packages'", "'dill': '0.3.9', 'six': '1'"],
  ],
  ["nothing varies", "nothing varies", []],
  ["", "", []],
];

for (const [message, text, values] of templates) {
  Deno.test(`templateOf() splits ${JSON.stringify(message)}`, () => {
    assert.deepEqual(templateOf(message), { text, values });
  });
}

Deno.test("templateOf() takes linear time and gives a short template for any message", async () => {
  for (const piece of ["x", "<", "'", "a1 ", "/", "<a> <", "1.1", "f1"]) {
    await assertLinear(
      (size) => {
        const { text } = templateOf(piece.repeat(size));
        assert.ok(text.length <= 4097 * 2, piece);
      },
      250_000,
      piece,
    );
  }
});

Deno.test("templateOf() makes the template of the whole message, and cuts values", () => {
  const list = (count: number) => Array(count).fill("12345").join(", ");
  const message = (count: number) => `Manager had tasks [${list(count)}] of 7`;
  const [short, long] = [3, 5000].map((count) => templateOf(message(count)));
  assert.equal(short!.text, "Manager had tasks [%s] of %s");
  assert.equal(long!.text, short!.text);
  assert.deepEqual(short!.values, [list(3), "7"]);
  assert.deepEqual(long!.values, [`${list(5000).slice(0, 4096)}…`, "…"]);
  // Only what is cut off the template has no values.
  const many = templateOf("a 1 ".repeat(2000));
  assert.equal(many.text, `${"a %s ".repeat(819)}a…`);
  assert.equal(many.values.length, 819);
});
