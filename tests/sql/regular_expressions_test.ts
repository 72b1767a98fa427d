import { strict as assert } from "node:assert";
import { onDatabase, onEngines, value } from "./engines.ts";

const answers: Record<string, unknown> = {
  "'Task 5 done' REGEXP 'Task \\d+'": 1,
  "'Task x done' REGEXP 'Task \\d+'": 0,
  "'ERROR' REGEXP '(?i:error)'": 1,
  "55 REGEXP '^5+$'": 1,
  "NULL REGEXP 'a'": null,
  "'a' REGEXP NULL": null,
  "regexp('^a', 'abc')": 1,
  "regexp_extract('Task 5 done', '\\d')": "5",
  "regexp_extract('Task 5 done', 'Task (\\d+) (\\w+)')": "5",
  "regexp_extract('Task 5 done', 'Task (\\d+) (\\w+)', 2)": "done",
  "regexp_extract('Task 5 done', 'Task (\\d+) (\\w+)', 0)": "Task 5 done",
  "regexp_extract('Task 5 done', 'Task (?<id>\\d+)', 'id')": "5",
  "regexp_extract('Task 5', 'x')": null,
  "regexp_extract('b', '(a)?b')": null,
  "regexp_extract(NULL, 'a')": null,
  "regexp_extract('a', NULL)": null,
};

for (const [expression, expected] of Object.entries(answers)) {
  onEngines(`${expression} is ${expected}`, (db) => {
    assert.equal(value(db, `SELECT ${expression}`), expected);
  });
}

const errors: Record<string, RegExp> = {
  "'a' REGEXP '['": /^regexp\(\): Invalid regular expression: /,
  "'a' REGEXP 5": /^regexp\(\) takes its pattern as text, not 5/,
  "regexp_extract('a', '[')": /^regexp_extract\(\): Invalid regular expression/,
  "regexp_extract('a', 'a', 1)": /the pattern a has no group 1/,
  "regexp_extract('a', 'a', 'x')": /the pattern a has no group named x/,
};

const slow: Record<string, RegExp> = {
  [`'${"a".repeat(200)}!' REGEXP '^(a+)+$'`]:
    /the pattern \/\^\(a\+\)\+\$\/ takes too long: .* of the text of regexp\(\), "aaa/,
  "replace(hex(zeroblob(50000)), '00', 'a ') REGEXP '^(.*) (.*) (.*) (.*) (.*)!'":
    /the pattern .* takes too long: .* of the text of regexp\(\), "a a/,
};

for (const [expression, message] of Object.entries({ ...errors, ...slow })) {
  // Both engines have the same function, and each of these takes seconds.
  const register = expression in slow ? onDatabase : onEngines;
  register(`${expression.slice(0, 60)} explains the error`, (db) => {
    assert.throws(() => db.query(`SELECT ${expression}`), {
      name: "DatabaseError",
      message,
    });
  });
}
