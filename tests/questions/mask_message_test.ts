import { strict as assert } from "node:assert";
import { maskMessage } from "../../questions/failures/mask_message.ts";

Deno.test("maskMessage() masks what varies", () => {
  const cases = [
    [
      "Task 7 (0x7f3a12) of 4c57a1f4c2bf took -1.5 s\nmore 3",
      "Task N (…) of … took N s",
    ],
    ["no such file: decade", "no such file: decade"],
    ["run edeb1429-5b59-4b4d-9dfe-188e8a10c5f1 ended", "run … ended"],
    ["", ""],
    ["exit code 3 of input_12.txt", "exit code 3 of input_N.txt"],
    [
      "[Errno 2] No such file: '/data/a b/c.txt'",
      "[Errno 2] No such file: '…'",
    ],
    ["[Errno 2] No such file: '/data/c.txt'", "[Errno 2] No such file: '…'"],
    [
      "cannot cast float64 to int32 on 10.0.0.7",
      "cannot cast float64 to int32 on …",
    ],
    ["lost nid00012, then login", "lost nidN, then …"],
    ["Error 1:\n\tEXIT CODE: 137\n\tSTDOUT", "Error N: EXIT CODE: 137"],
    ["1/2 of the rows/s", "N/N of the rows/s"],
  ] as const;
  for (const [message, masked] of cases) {
    assert.equal(maskMessage(message, new Set(["login"])), masked);
  }
});
