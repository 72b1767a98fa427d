import { memberOf, type Members, textOf } from "./members.ts";

const usual = ["formatted", "message", "msg", "event", "text"];

/**
 * The message of a record: the member of a name, or, without one, the first of
 * those that programs usually write it in. Empty if there is none.
 */
export function messageOfRecord(members: Members, name?: string): string {
  const found = name === undefined
    ? usual.map((name) => members[name])
      .find((value) => typeof value === "string")
    : memberOf(members, name);
  return textOf(found) ?? "";
}
