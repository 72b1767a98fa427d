import assert from "node:assert/strict";
import { assertShown, showNotebook } from "./shown.ts";

Deno.test("queue_length.ipynb finds the same length in readings and in events", async () => {
  const shown = await showNotebook("queue_length");
  assert.deepEqual(shown.titles, [
    "Tasks in the interchange's queue, as logged",
    "Tasks that arrived, were sent to a manager and came back",
  ]);
  // All computed in Python from the "created" times and messages of the log.
  assertShown(shown, /^At most 98 tasks\.$/m);
  assertShown(shown, /^ +-1 +199$/m);
  assertShown(shown, /^registered +7\.746688$/m);
  assertShown(
    shown,
    /^ +200 +19\.021991 +1507\.960992 +599\.570000 +281\.403711 +626\.987282$/m,
  );
});
