import {
  type Exception,
  exceptionIn,
  exceptionOfRepr,
} from "../../importers/lines/exceptions.ts";
import assert from "node:assert/strict";
import { assertLinear } from "./growth.ts";

const traced = (...last: string[]) =>
  ["Traceback (most recent call last):", '  File "a.py", line 1', ...last]
    .join("\n");

const tracebacks: [claim: string, text: string, expected: Exception][] = [
  ["no traceback", "Config(\n  a: b\n)", {}],
  ["a traceback that is not whole", traced("    f(x)"), {}],
  ["an exception without a message", traced("parsl.app.errors.AppTimeout"), {
    exception: "AppTimeout",
  }],
  ["the class without its module", traced("a.b.BashExitFailure: exit 1"), {
    exception: "BashExitFailure",
    exception_message: "exit 1",
  }],
  ["a message of several lines", traced("ValueError: two", "lines: 5", ""), {
    exception: "ValueError",
    exception_message: "two\nlines: 5",
  }],
  [
    "a chain of causes",
    [
      traced("OSError: disk full"),
      "",
      "The above exception was the direct cause of the following exception:",
      "",
      traced("RuntimeError"),
      "",
      "During handling of the above exception, another exception occurred:",
      "",
      traced("ValueError: three"),
    ].join("\n"),
    {
      exception: "ValueError",
      exception_message: "three",
      exception_causes: ["OSError: disk full", "RuntimeError"],
    },
  ],
  [
    "an exception group",
    [
      "  + Exception Group Traceback (most recent call last):",
      '  |   File "a.py", line 1',
      "  | ExceptionGroup: two of them (2 sub-exceptions)",
      "  +-+---------------- 1 ----------------",
      "    | OSError: one",
    ].join("\n"),
    {
      exception: "ExceptionGroup",
      exception_message: "two of them (2 sub-exceptions)",
    },
  ],
];

for (const [claim, text, expected] of tracebacks) {
  Deno.test(`exceptionIn() reads ${claim}`, () =>
    assert.deepEqual(exceptionIn(text), expected));
}

const reprs: [text: string, expected: Exception][] = [
  ["ValueError('disk full')", {
    exception: "ValueError",
    exception_message: "disk full",
  }],
  [`ValueError('it\\'s 100% "bad" \\u2603\\n')`, {
    exception: "ValueError",
    exception_message: `it's 100% "bad" ☃`,
  }],
  ["AppTimeout()", { exception: "AppTimeout" }],
  ["BashExitFailure('sh', 1)", {
    exception: "BashExitFailure",
    exception_message: "'sh', 1",
  }],
  ["RuntimeError('try 0'),RuntimeError('try 1')", {
    exception: "RuntimeError",
    exception_message: "try 1",
  }],
  ["InvalidSpecification(set(), ')')", {
    exception: "InvalidSpecification",
    exception_message: "set(), ')'",
  }],
  [
    "DependencyError([(DependencyError([(OSError('x'), 1)], 2), 'task 2')], 3)",
    {
      exception: "DependencyError",
      exception_message:
        "[(DependencyError([(OSError('x'), 1)], 2), 'task 2')], 3",
      exception_causes: [
        "OSError: x",
        "DependencyError: [(OSError('x'), 1)], 2",
      ],
    },
  ],
  ["no exception", {}],
];

for (const [text, expected] of reprs) {
  Deno.test(`exceptionOfRepr() reads ${text}`, () =>
    assert.deepEqual(exceptionOfRepr(text), expected));
}

Deno.test("exceptionIn() and exceptionOfRepr() are linear for any text", async () => {
  for (const part of ["A(", "'\\", "a.", "\\'", '"', "A('x',", ")"]) {
    const read = (size: number) => void exceptionOfRepr(part.repeat(size));
    await assertLinear(read, 50_000, part);
  }
  for (const part of ["Traceback (most recent call last):\nA: b\n", "A\n"]) {
    const text = (size: number) => traced("A: b\n") + part.repeat(size);
    await assertLinear((size) => void exceptionIn(text(size)), 20_000, part);
  }
});
