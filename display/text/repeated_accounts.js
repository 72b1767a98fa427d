// JavaScript, because the page of a report uses it too.

/** @import { EntityEvent } from "./story_event.ts" */

/** A story of more events is a list, in which nothing is folded. */
const maxAccounts = 50_000;

/** Seconds between two accounts of one occurrence. */
const maxApart = 2;

/**
 * Finds accounts that repeat another one: of the same event of the same thing,
 * by another component and at about the same time, or at the same time in the
 * same line. Returns the id of the event that each of them repeats. A log comes
 * before a database.
 *
 * @param {readonly EntityEvent[]} accounts
 * @returns {Map<number, number>}
 */
export function repeatedAccounts(accounts) {
  const repeats = new Map();
  if (accounts.length > maxAccounts) return repeats;
  const inLine = Map.groupBy(
    accounts.filter(({ offset }) => offset !== null),
    ({ source_id, offset, time }) => `${source_id} ${offset} ${time}`,
  );
  for (const [first, ...others] of inLine.values()) {
    for (const other of others) repeats.set(other.event_id, first.event_id);
  }
  const named = accounts.filter(({ named, role, event_id }) =>
    named && role !== null && !repeats.has(event_id)
  ).map((account) => ({
    ...account,
    attributes: attributesIn(account.span_attributes),
    repeatedBy: new Set(),
  }));
  const alike = Map.groupBy(named, ({ role, event_type, attributes }) => {
    const names = role === "task" || role === "try" ? ofTasks : ofPlaces;
    return JSON.stringify([
      role,
      event_type,
      ...names.map((name) => attributes[name] ?? null),
    ]);
  });
  for (const group of alike.values()) {
    const logsFirst = group.toSorted((a, b) =>
      Number(a.offset === null) - Number(b.offset === null)
    );
    const tellers = [];
    for (const account of logsFirst) {
      const teller = tellers.find((other) =>
        other.component !== account.component &&
        !other.repeatedBy.has(account.component) && isNear(other, account)
      );
      if (!teller) {
        tellers.push(account);
        continue;
      }
      teller.repeatedBy.add(account.component);
      repeats.set(account.event_id, teller.event_id);
    }
  }
  return repeats;
}

const ofTasks = ["task", "try"];
const ofPlaces = ["executor", "block", "manager", "worker", "job"];

const isNear = (a, b) =>
  a.time !== null && b.time !== null && Math.abs(a.time - b.time) <= maxApart;

/**
 * Attributes from JSON; none if it is no object.
 *
 * @param {string | null} json
 * @returns {Record<string, unknown>}
 */
export function attributesIn(json) {
  try {
    return JSON.parse(json ?? "{}") ?? {};
  } catch {
    return {};
  }
}
