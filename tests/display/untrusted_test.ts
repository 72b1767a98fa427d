import assert from "node:assert/strict";
import { didYouMean, nearest } from "../../display/text/nearest.ts";
import {
  escapeMarkup,
  printable,
  visible,
} from "../../display/text/untrusted.ts";

const text = "a\x1b[31m\x9b\u202eb\u2066c\r\td\r\n<";

Deno.test("printable() keeps newlines and replaces other control characters", () => {
  assert.equal(
    printable(text),
    "a\ufffd[31m\ufffd\ufffdb\ufffdc\ufffd\td\r\n<",
  );
});

Deno.test("visible() shows text in a single line", () => {
  assert.equal(visible(text), "a\ufffd[31m\ufffd\ufffdb\ufffdc\ufffd d↵<");
});

Deno.test("escapeMarkup() escapes markup and replaces characters that XML forbids", () => {
  assert.equal(
    escapeMarkup(`<a b='"'>&\0\ufffe`),
    "&lt;a b=&#39;&quot;&#39;&gt;&amp;\ufffd\ufffd",
  );
});

Deno.test("nearest() finds a mistyped name, but not an unrelated one", () => {
  const names = ["limit", "columns"];
  assert.equal(nearest("Column", names), "columns");
  assert.equal(nearest("duration", names), undefined);
  assert.equal(didYouMean("limits", names), ". Did you mean limit?");
  assert.equal(didYouMean("duration", names), "");
});
