import assert from "node:assert/strict";
import { listingHtml, listingText } from "../../display/text/listing.ts";

const evil = "<script>alert(1)</script>\u001b[31m\u202e";

const listing = {
  sections: [{
    heading: "Run 000, task 3",
    lines: ["Failed after 2 s", "2026-11-22, times in UTC"],
    isAlarming: true,
    entries: [
      { cells: ["10:00", ""], text: "one two three four five six seven" },
      {
        cells: ["10:01", "+60 s"],
        note: "usually 1 s",
        lead: "worker",
        text: "boom",
        place: "a.log:3",
        path: "/x/a.log",
        more: { text: "Traceback\n  File x", summary: "ValueError (2 lines)" },
      },
    ],
  }],
  caption: "and more",
};

Deno.test("listingText() wraps text beside the cells, and cuts nothing", () => {
  assert.equal(
    listingText(listing, 36),
    `Run 000, task 3
Failed after 2 s
2026-11-22, times in UTC

10:00         one two three four
              five six seven
10:01  +60 s  usually 1 s
              worker: boom (a.log:3)
    Traceback
      File x

and more`,
  );
  const word = "x".repeat(200);
  const text = listingText({
    sections: [{
      heading: "",
      lines: [],
      entries: [{ cells: ["1"], text: word }],
    }],
  }, 80);
  assert.ok(text.split("\n").every((line) => line.length <= 80));
  assert.equal(text.replaceAll(/[^x]/g, ""), word);
});

Deno.test("listingHtml() folds the lines that continue an entry, and escapes all", () => {
  const html = listingHtml(listing);
  assert.match(
    html,
    /<details><summary>ValueError \(2 lines\)<\/summary><pre[^>]*>Traceback\n {2}File x<\/pre>/,
  );
  assert.match(html, /title="\/x\/a\.log">\(a\.log:3\)</);
  const hostile = {
    cells: [evil],
    title: evil,
    note: evil,
    lead: evil,
    text: evil,
    place: evil,
    path: evil,
    more: { text: evil, summary: evil },
  };
  const all = {
    sections: [{ heading: evil, lines: [evil], entries: [hostile] }],
    caption: evil,
  };
  for (const shown of [listingHtml(all), listingText(all, 80)]) {
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(shown, /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]/);
  }
  assert.doesNotMatch(listingHtml(all), /<script/);
});
