import { element } from "./elements.js";
import { identityNames, scopes } from "./scopes.js";

/** Of all that is known of a row, what says which thing of a kind is meant. */
function scoped(identity, kind) {
  const known = scopes[kind].filter((name) => identity[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, identity[name]]));
}

/** What is chosen on the page, as the part of the address behind "#". */
export const addressOf = (chosen) => `#${new URLSearchParams(chosen)}`;

/** What the address says is chosen: identities and filters. */
export function chosenIn(address) {
  const chosen = {};
  for (const [name, value] of new URLSearchParams(address.slice(1))) {
    if (identityNames.includes(name) || filterNames.includes(name)) {
      chosen[name] = value;
    }
  }
  return chosen;
}

const filterNames = ["search", "component", "event", "source"];

/** What is chosen without the filters. */
export const identityIn = (chosen) =>
  Object.fromEntries(
    Object.entries(chosen).filter(([name]) => identityNames.includes(name)),
  );

const words = { executor_task: "executor's task" };
const named = (name) => words[name] ?? name;

// Ids of runs and managers are long; their ends tell them apart.
const shortened = (value) => value.length > 28 ? `…${value.slice(-24)}` : value;

/** A link to all that is told of one thing. */
export const linkTo = (identity, kind) =>
  element(
    "a",
    {
      href: addressOf(scoped(identity, kind)),
      title: `${named(kind)} ${identity[kind]}`,
    },
    kind === "executor"
      ? shortened(identity[kind])
      : `${named(kind)} ${shortened(identity[kind])}`,
  );

const narrowestFirst = [
  "task",
  "try",
  "worker",
  "manager",
  "block",
  "executor",
  "executor_task",
  "run",
];

/** Links for all that is known of a row, the narrowest first. */
export const linksTo = (identity, without = []) =>
  narrowestFirst
    .filter((kind) => identity[kind] !== undefined && !without.includes(kind))
    .map((kind) => linkTo(identity, kind));
