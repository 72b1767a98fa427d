import assert from "node:assert/strict";
import { printable } from "../../cli/printable.ts";

Deno.test("printable() lets nothing through that speaks to a terminal", () => {
  const text = "a\x1b[31m\x9b\u202eb\u2066c\r\td\n";
  assert.equal(
    printable(text),
    "a\ufffd[31m\ufffd\ufffdb\ufffdc\ufffd\ufffdd\ufffd",
  );
  assert.equal(
    printable(text, { lines: true }),
    "a\ufffd[31m\ufffd\ufffdb\ufffdc\ufffd\td\n",
  );
});
