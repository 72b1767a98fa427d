import { strict as assert } from "node:assert";
import { zoneClock } from "../../importers/clock/clock.ts";
import { readClockTime, unixTime } from "../../importers/clock/written_time.ts";

const newYork = "America/New_York";

/** Reads local times in a zone. */
function localTimeReader(timeZone: string) {
  const clock = zoneClock(timeZone);
  const read = (text: string) => unixTime(readClockTime(text), clock);
  return { read, clock };
}

// Computed with Python's datetime and zoneinfo, with fold=0.
const read: [text: string, timeZone: string, seconds: number][] = [
  ["2026-11-22 06:33:04.010191", newYork, 1795347184.010191],
  ["2026-11-22 06:33:04.010191", "Asia/Kolkata", 1795309384.010191],
  ["2026-11-22 06:33:04.010191", "UTC", 1795329184.010191],
  ["2026-11-22T06:33:04", "UTC", 1795329184],
  ["2026-11-22 06:33:04,5", "UTC", 1795329184.5],
  ["2026-11-22 06:33:04Z", newYork, 1795329184],
  ["2026-11-22 06:33:04+05:30", newYork, 1795309384],
  ["2026-11-22 06:33:04-0500", "UTC", 1795347184],
  ["2026-07-04 12:00:00", newYork, 1783180800],
  ["1969-12-31 23:59:59", "UTC", -1],
  ["2026-11-01 00:59:59.999999", newYork, 1793509199.999999],
  ["2026-11-01 02:00:00", newYork, 1793516400],
];

for (const [text, timeZone, seconds] of read) {
  Deno.test(`readClockTime() reads ${text} in ${timeZone}`, () => {
    const { read, clock } = localTimeReader(timeZone);
    assert.equal(read(text).toFixed(6), seconds.toFixed(6));
    assert.equal(clock.ambiguous, 0);
  });
}

const unreadable = [
  "",
  "soon",
  "None",
  "2026-11-22",
  "06:33:04",
  "2026-13-01 00:00:00",
  "2026-02-30 00:00:00",
  "2026-02-30 00:00:00Z",
  "2026-01-01 24:00:00",
  "2026-01-01 00:60:00",
  "2026-01-01 00:00:61",
  "2026-01-01 00:00:00 tomorrow",
  " 2026-01-01 00:00:00",
  "٢٠٢٦-01-01 00:00:00",
];

for (const text of unreadable) {
  Deno.test(`readClockTime() finds no time in ${JSON.stringify(text)}`, () => {
    assert.equal(localTimeReader(newYork).read(text), NaN);
  });
}

Deno.test("zoneClock() picks the earlier of two ambiguous times and counts them", () => {
  const { read, clock } = localTimeReader(newYork);
  assert.equal(read("2026-11-01 01:30:00"), 1793511000);
  assert.equal(read("2026-11-01 01:59:59"), 1793512799);
  assert.equal(read("2026-11-01 02:00:00"), 1793516400);
  assert.equal(clock.ambiguous, 2);
});

Deno.test("zoneClock() reads times in the hour skipped by daylight saving", () => {
  const { read, clock } = localTimeReader(newYork);
  assert.equal(read("2026-03-08 01:59:59"), 1772953199);
  assert.equal(read("2026-03-08 02:30:00"), 1772955000);
  assert.equal(read("2026-03-08 03:30:00"), 1772955000);
  assert.equal(clock.ambiguous, 0);
});
