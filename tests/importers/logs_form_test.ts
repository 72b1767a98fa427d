import { strict as assert } from "node:assert";
import { formOf } from "../../importers/lines/message_form.ts";
import { messagePattern } from "../../importers/lines/message_pattern.ts";
import { FormList } from "../../importers/lines/form_list.ts";
import { templateOf } from "../../importers/lines/template.ts";
import { randomNumbers } from "./damage.ts";

const same: [one: string, other: string][] = [
  ["Task 5 will be sent to htex", "Task 76 will be sent to htex"],
  ["Task 5 is done", "Task 7654321 is done"],
  ["<AppFuture at 0x7f1b state=pending>", "<AppFuture at 0xa state=pending>"],
  ["manager b'9fec5171ac0d'", "manager b'320db238981c'"],
  ["took 1.5 s of -3", "took 20.25 s of -1"],
  ['{"a": 5}', '{"a": 67}'],
  ["", ""],
];

for (const [one, other] of same) {
  Deno.test(`formOf() finds the same form in ${one} and ${other}`, () => {
    const form = formOf(one)!;
    for (const message of [one, other]) {
      assert.ok(form.fits(message), message);
      const { text, values } = templateOf(message);
      assert.equal(form.template, text);
      assert.equal(
        form.attributes(message),
        values.length ? JSON.stringify({ values }) : null,
      );
    }
  });
}

const different: [one: string, other: string][] = [
  ["Task 5 is done", "Task 5 is gone"],
  ["Task 5 is done", "Task 5 is done."],
  ["Task 5 is done", "Task 5a is done"],
  ["Task 5 is done", "Task x is done"],
  ["Task 5 is done", "Task 12345678 is done"],
  ["from 1234567.5", "from 12345678.5"],
  ["id 9fec5171ac0d", "id ffec5171ac0d"],
  ["id 9fec5171ac0d", "id 915171710001"],
  ["at 0x7f", "at 0x"],
  ["name5 of 6", "name7 of 6"],
  ["block-0 of 6", "block-x of 6"],
];

for (const [one, other] of different) {
  Deno.test(`formOf() tells ${one} from ${other}`, () => {
    assert.equal(formOf(one)!.fits(other), false);
  });
}

Deno.test("formOf() has none for a UUID, nor for a very long message", () => {
  assert.equal(
    formOf("Run id is: e810cbf3-0876-4a10-bac6-ca41e176d173"),
    undefined,
  );
  assert.equal(formOf("x".repeat(5000)), undefined);
});

Deno.test("a form's template and values are each message's own, whatever it is", () => {
  const random = randomNumbers(11);
  const parts = [
    ...[
      "5",
      "12",
      "1234567",
      "12345678",
      "0x7f",
      "9fec5171",
      "fec51711",
      "1.5",
    ],
    ...["a", "-", ".", " ", ", ", "'", '"', "[", "]", "{", "}", "<", ">", "/"],
    ...["executor ", "task ", "\\", "%s", "é", "e-7", "deadbeef", "_"],
  ];
  let fitting = 0;
  for (let round = 0; round < 20_000; round++) {
    const chosen = Array.from(
      { length: 1 + Math.floor(random() * 8) },
      () => parts[Math.floor(random() * parts.length)]!,
    );
    const form = formOf(chosen.join(""));
    // The same but for the digits.
    const message = chosen.join("").replace(
      /\d/g,
      (digit) => random() < 0.5 ? digit : String(Math.floor(random() * 10)),
    );
    if (!form?.fits(message)) continue;
    fitting++;
    const { text, values } = templateOf(message);
    assert.equal(form.template, text, message);
    assert.equal(
      form.attributes(message),
      values.length ? JSON.stringify({ values }) : null,
      message,
    );
  }
  assert.ok(fitting > 5000, `${fitting} fit`);
});

Deno.test("messagePattern() of one expression marks a form once, however many logs it reads", () => {
  const form = formOf("Task 5 is done")!;
  const expression = /^Task (\d+) is lost/;
  for (let log = 0; log < 1000; log++) {
    messagePattern(expression).exec({ message: "Task 5 is done", form });
  }
  assert.equal(Object.keys(form.patterns).length, 1);
});

Deno.test("messagePattern() finds in each message what the pattern does", () => {
  const pattern = messagePattern(/^Task (\d+) is (done|lost)/);
  const forms = new FormList();
  const found = [
    "Task 5 is done",
    "Task 6 is done",
    "No 7",
    "Task 8 is gone",
    "Task 9 is gone",
    "No 8",
  ]
    .map((message) => {
      const record = { message, form: forms.of(message) };
      const first = pattern.test(record);
      assert.equal(pattern.test(record), first);
      assert.equal(pattern.exec(record) !== null, first);
      return pattern.exec(record)?.[1];
    });
  assert.deepEqual(found, [
    "5",
    "6",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
