import assert from "node:assert/strict";
import { tzLogs } from "../importers/logs.ts";
import { inBrowser } from "../tools/needs.ts";
import { onReport } from "./open_report.ts";

Deno.test(
  "report() tells the story of a task for each exception, and of the longest",
  inBrowser,
  () =>
    onReport(tzLogs.path, async ({ page, errors }) => {
      const stories = page.locator("#stories details");
      const summaries = await stories.locator("summary").allTextContents();
      // grep -A20 "failed after 2 retry attempts" parsl.log
      const failed = summaries.findIndex((text) =>
        /app always_fails: Failed .*ValueError: task \d always fails$/.test(
          text,
        )
      );
      assert.ok(failed >= 0, summaries.join("\n"));
      const text = await stories.nth(failed).locator("pre").textContent();
      assert.match(text!, /^ {4}Traceback \(most recent call last\):$/m);
      assert.match(text!, /failed after 2 retry attempts\s+\(parsl\.log:\d+;/);
      assert.deepEqual(errors, []);
    }),
);
