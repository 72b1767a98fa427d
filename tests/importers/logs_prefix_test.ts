import { strict as assert } from "node:assert";
import { parslBeginning } from "../../importers/lines/prefix.ts";

const read = (text: string) => {
  const record = parslBeginning.read(text);
  return record &&
    [
      record.time,
      record.isLocal ? "local" : "unix",
      record.thread,
      record.origin?.level,
      record.message,
    ];
};

const lines: [claim: string, text: string, expected: unknown[]][] = [
  [
    "a Unix time",
    "1795344042.048852 2026-11-22 10:40:42 MainProcess-8690 MainThread-140343396315200 parsl.dataflow.dflow:726 launch_task INFO: Parsl task 0 try 0",
    [
      1795344042.048852,
      "unix",
      "MainProcess-8690 MainThread-140343396315200",
      "INFO",
      "Parsl task 0 try 0",
    ],
  ],
  [
    "a thread name with spaces",
    "1795344042.048852 2026-11-22 10:40:42 MainProcess-8690 Thread-1 (run)-140343 parsl.a.b:7 <lambda> ERROR: no: it: fails",
    [
      1795344042.048852,
      "unix",
      "MainProcess-8690 Thread-1 (run)-140343",
      "ERROR",
      "no: it: fails",
    ],
  ],
  [
    "an empty message",
    "1795344042.048852 2026-11-22 10:40:42 P-1 T-2 parsl.a.b:7 f DEBUG: ",
    [1795344042.048852, "unix", "P-1 T-2", "DEBUG", ""],
  ],
  [
    "2023's local time",
    "2026-11-22 10:40:42.780 interchange:478 HTEX-Interchange(8716) MainThread process_tasks_to_send [DEBUG]  Sent tasks: [1, 2]",
    [
      1795344042.78,
      "local",
      "HTEX-Interchange(8716) MainThread process_tasks_to_send",
      "DEBUG",
      "Sent tasks: [1, 2]",
    ],
  ],
  [
    "2024's one space after the level",
    "2026-11-22 11:01:26.343 interchange:509 MainProcess(27361) Interchange-Task-Puller task_puller [DEBUG] Fetched 1 tasks so far",
    [
      1795345286.343,
      "local",
      "MainProcess(27361) Interchange-Task-Puller task_puller",
      "DEBUG",
      "Fetched 1 tasks so far",
    ],
  ],
  [
    "a manager's local time",
    "2026-11-22 10:40:42.781 parsl:301 8732 Task-Puller [DEBUG]  Got executor tasks: [1]",
    [
      1795344042.781,
      "local",
      "8732 Task-Puller",
      "DEBUG",
      "Got executor tasks: [1]",
    ],
  ],
];

for (const [claim, text, expected] of lines) {
  Deno.test(`parslBeginning.read() reads ${claim}`, () => {
    assert.deepEqual(read(text), expected);
  });
}

Deno.test("parslBeginning.read() reads local time as UTC", () => {
  const line = (time: string) => `${time}.5 a:1 2 M [INFO] x`;
  for (const time of ["2026-11-22 10:40:42", "2024-02-29 23:59:59"]) {
    assert.equal(
      parslBeginning.read(line(time))?.time,
      Date.parse(`${time}.5Z`) / 1000,
    );
  }
});

const whole =
  "1795344042.048852 2026-11-22 10:40:42 P-1 T-2 parsl.a.b:7 f DEBUG: Task 5 x";
const local =
  "2026-11-22 10:40:42.780 interchange:478 P(1) T f [DEBUG]  Task 5";

const damaged = [
  whole.replace("1795344042", "17953x4042"),
  whole.replace("1795344042", "9795344042"),
  whole.replace("2026-11", "2026-31"),
  whole.replace("2026-11", "2126-11"),
  whole.replace("DEBUG: ", "DEB\0G: "),
  whole.replace("Task", "Ta\udfffk"),
  whole.slice(10),
  local.replace("2026-11", "2026-91"),
  local.replace("10:40", "10;40"),
  local.replace("Task", "\0ask"),
];

for (const text of damaged) {
  Deno.test(`parslBeginning.isDamaged() is true for ${JSON.stringify(text)}`, () => {
    assert.equal(read(text), undefined);
    assert.equal(parslBeginning.isDamaged(text), true);
  });
}

const others = ["", "  Manager ID: 4c57", "Traceback (most recent call last):"];

for (const text of others) {
  Deno.test(`parslBeginning.isDamaged() is false for the continuation line ${JSON.stringify(text)}`, () => {
    assert.equal(read(text), undefined);
    assert.equal(parslBeginning.isDamaged(text), false);
  });
}
