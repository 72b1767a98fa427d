import assert from "node:assert/strict";
import { shorten } from "../../display/text/shorten.ts";
import { widthOf } from "../../display/text/width.ts";

const expected: [what: string, text: string, width: number, short: string][] = [
  ["keeps text that fits", "launched", 8, "launched"],
  [
    "cuts the end of a sentence",
    "Task 3 will be sent to htex",
    15,
    "Task 3 will be…",
  ],
  [
    "cuts the end of a hash",
    "6172dc3f3dd192fc499aef9f6a9ae7e4",
    12,
    "6172dc3f3dd…",
  ],
  [
    "cuts the start of a type",
    "parsl.executor.htex.interchange.task",
    20,
    "…interchange.task",
  ],
  [
    "cuts the start of a path",
    "/home/ida/run/000/parsl.log",
    16,
    "…/000/parsl.log",
  ],
  [
    "keeps the run of a path",
    "000/htex_many/block-0/089e72833bf5/manager.log",
    34,
    "000/…/089e72833bf5/manager.log",
  ],
  ["cuts the middle of a name", "interchange_to_manager", 12, "int…_manager"],
  [
    "keeps the time and the end of a line",
    "1795350908.249686 2026-11-22 07:35:08 parsl.dataflow DEBUG: Task 3 done",
    31,
    "1795350908…w DEBUG: Task 3 done",
  ],
  [
    "shortens long members of an object",
    '{"rundir":"/home/ida/run/000","block":"0"}',
    34,
    '{"rundir":"…/run/000","block":"0"}',
  ],
  [
    "shortens long members of an array",
    '["vm (127.0.0.1:60920)","0 0 0 694344 41"]',
    40,
    '["vm (127.0.0.1:609…","0 0 0 694344 41"]',
  ],
  [
    "keeps short members of an object",
    '{"rundir":"/home/ida/run/000","executor":"htex","block":"0"}',
    34,
    '{"executor":"htex","block":"0",…}',
  ],
  [
    "keeps the first members of an array",
    '["block","executor","job"]',
    21,
    '["block",…]',
  ],
  [
    "shortens a long member",
    '{"message":"what was said by somebody"}',
    28,
    '{"message":"what was said…"}',
  ],
  [
    "prefers a name to a fragment of its value",
    '{"values":["cdef75e04b07"]}',
    18,
    '{"values":…}',
  ],
  [
    "shortens invalid JSON as text",
    "[MainThread 1] Starting",
    15,
    "[MainThread 1]…",
  ],
];

for (const [claim, text, width, short] of expected) {
  Deno.test(`shorten() ${claim}`, () => {
    assert.equal(shorten(text, width), short);
  });
}

Deno.test("shorten() never exceeds the width, for any text", () => {
  const texts = [
    ...'{["/.a東é\u0301🚀 \n\0\u202e'.split(""),
    '{"a":{"b":[1,2,{"c":"' + "d".repeat(99) + '"}]}}',
    '[["[["]]',
    "東".repeat(50),
    "1795350908 東京".repeat(9),
    "a/".repeat(5000),
    "[".repeat(1999) + "]".repeat(1999),
    '{"a":'.repeat(600) + "1",
    "[[" + '"0123456789",'.repeat(150) + "1],[" + '"0123456789",'.repeat(20),
    '{"a":'.repeat(500) + "1" + "}".repeat(500),
    "{".repeat(100_000),
    `[${"1,".repeat(5000)}1]`,
    "x".repeat(1_000_000),
  ];
  for (const text of texts) {
    for (let width = 1; width < 40; width++) {
      const short = shorten(text, width);
      assert.ok(widthOf(short) <= width, JSON.stringify([width, short]));
    }
  }
});
