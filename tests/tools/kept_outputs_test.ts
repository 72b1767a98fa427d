import assert from "node:assert/strict";
import { inCheckout } from "../../tools/checkout.ts";
import { keptOutputs } from "../../tools/kept_outputs.ts";

Deno.test("keptOutputs() keeps PNG and text, without paths and durations", () => {
  const path = inCheckout("tests", "fixtures", "tz");
  assert.deepEqual(
    keptOutputs([
      {
        output_type: "execute_result",
        data: {
          "image/svg+xml": "<svg/>",
          "image/png": "iVBO",
          "text/plain": "A chart",
        },
        metadata: { "image/png": { width: 640 } },
      },
      {
        output_type: "execute_result",
        data: {
          "text/html": "<table>",
          "text/plain":
            `6 sources of ${path} in 0.16 s, 12 made\nRead from ${path} in 0.20 s`,
        },
      },
      {
        output_type: "execute_result",
        data: { "text/plain": "\x1b[33m5\x1b[39m" },
      },
      { output_type: "execute_result", data: { "text/html": "<b>5</b>" } },
      { output_type: "stream", text: `read ${path}\n` },
    ]),
    [
      {
        output_type: "execute_result",
        data: { "image/png": "iVBO", "text/plain": "A chart" },
        metadata: {},
      },
      {
        output_type: "execute_result",
        data: {
          "text/plain": "6 sources of tests/fixtures/tz in … s, 12 made\n" +
            "Read from tests/fixtures/tz in … s",
        },
        metadata: {},
      },
      {
        output_type: "execute_result",
        data: { "text/plain": "5" },
        metadata: {},
      },
      { output_type: "stream", text: "read tests/fixtures/tz\n" },
    ],
  );
});

Deno.test("keptOutputs() drops the progress of an import", () => {
  for (const text of ["11 MB read", "40% of 212 MB, …/manager.log"]) {
    const output = {
      output_type: "display_data" as const,
      data: { "text/plain": text },
    };
    assert.deepEqual(keptOutputs([output]), []);
  }
});
