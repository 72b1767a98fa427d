import { element } from "./elements.js";
import { hashOf } from "./state.js";

/**
 * The attributes that identify an entity of each kind, widest kind first. No
 * name is global: a block belongs to an executor, an executor to a run.
 */
export const scopes = {
  run: ["run"],
  executor: ["run", "executor"],
  block: ["run", "executor", "block"],
  manager: ["run", "manager"],
  worker: ["run", "manager", "worker"],
  task: ["run", "task"],
  try: ["run", "task", "try"],
  executor_task: ["run", "executor", "executor_task"],
};

/** The kinds, widest first. */
export const identityNames = Object.keys(scopes);

/** The part of an identity that identifies an entity of a kind. */
export function scoped(identity, kind) {
  const known = scopes[kind].filter((name) => identity[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, identity[name]]));
}

/**
 * An entity as text, for the state's `thing`: "task:000:79", "try:000:79.0",
 * "run:000". Its parts are those of its scope, empty where one is unknown.
 */
export function thingKey(kind, identity) {
  const [run, ...others] = scopes[kind].map((name) =>
    encodeURIComponent(identity[name] ?? "").replaceAll(".", "%2E")
  );
  return [kind, run, ...others.length > 0 ? [others.join(".")] : []].join(":");
}

/** The kind and identity of a thing; undefined if the text names none. */
export function thingIn(key) {
  const [kind, run, others] = (key ?? "").split(":");
  if (!Object.hasOwn(scopes, kind)) return undefined;
  const values = [run, ...others?.split(".") ?? []].map(decoded);
  const named = scopes[kind].map((name, i) => [name, values[i] ?? ""])
    .filter(([, value]) => value !== "");
  const identity = Object.fromEntries(named);
  return kind in identity ? { kind, identity } : undefined;
}

function decoded(text) {
  try {
    return decodeURIComponent(text ?? "");
  } catch {
    return text;
  }
}

/** The part of a state that identifies entities. */
export const identityIn = (state) =>
  Object.fromEntries(
    Object.entries(state).filter(([name]) => identityNames.includes(name)),
  );

const words = { executor_task: "executor's task" };
export const kindWords = (name) => words[name] ?? name;

/** The name of an entity as it is shown: long ids differ at the end. */
export const shownName = (name) =>
  name.length > 28 ? `…${name.slice(-24)}` : name;

/** A link that opens the story of an entity. */
export function entityLink(identity, kind) {
  const thing = thingKey(kind, scoped(identity, kind));
  const href = hashOf({ thing });
  const title = `${kindWords(kind)} ${identity[kind]}`;
  const text = `${kindWords(kind)} ${shownName(identity[kind])}`;
  return element("a", { className: "entity", href, title }, text);
}

const narrowestFirst =
  "task try worker manager block executor executor_task run".split(" ");

/** Links for an identity, the narrowest entity first. */
export function entityLinksOf(identity, without = []) {
  const kinds = narrowestFirst
    .filter((kind) => identity[kind] !== undefined && !without.includes(kind));
  // Without Parsl, the number in a queue is all that a task has.
  const first = kinds.includes("task") ? "task" : "executor_task";
  return kinds.toSorted((a, b) => (b === first) - (a === first))
    .map((kind) => entityLink(identity, kind));
}
