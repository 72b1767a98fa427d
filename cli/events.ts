import type { EventsOfOptions } from "dnpc/questions";
import type { Given, Option } from "./command.ts";

/** Which events of spans a question is about. */
export const eventOptions: Readonly<Record<string, Option>> = {
  component: {
    value: "NAME",
    many: true,
    says: "Only events that this component reports: parsl.rundir",
  },
  "span-type": {
    value: "TYPE",
    many: true,
    says: "Only events of spans of this type",
  },
  event: { value: "TYPE", many: true, says: "Only events of this type" },
  all: { says: "Take messages that have no name for events, too" },
};

/** The same as the queries take it. */
export function eventsAsked(
  given: Given,
): EventsOfOptions & { events: "named" | "all" } {
  const named = (option: string, name: keyof EventsOfOptions) => {
    const values = given.values(option);
    return values.length ? { [name]: values } : {};
  };
  return {
    events: given.has("all") ? "all" : "named",
    ...named("component", "components"),
    ...named("span-type", "spanTypes"),
    ...named("event", "eventTypes"),
  };
}
