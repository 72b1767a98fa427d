import { attributesIn } from "../../display/text/repeated_accounts.js";
import { identityNames, scopes, thingKey } from "./identity.js";

// A run has too many tasks to list, a worker too many tasks.
const maxRelated = 4;

/**
 * The entities that spans belong to, of kinds that have few of them, narrowest
 * first, and their apps and hosts.
 */
export function relatedTo(rows, attempts, { identity }, spans) {
  const hosts = new Set();
  for (const { host } of lanesOf(attempts, identity)) {
    if (host != null) hosts.add(host);
  }
  return {
    things: identityNames.toReversed().flatMap((kind) =>
      entitiesOfKind(rows, spans, kind)
    ),
    apps: appsOf(rows, spans),
    hosts: [...hosts].slice(0, maxRelated),
  };
}

/** The entities of a kind that spans belong to; none if there are many. */
function entitiesOfKind(rows, spans, kind) {
  const columns = scopes[kind].map((name) => rows.columns[`span_${name}`]);
  const ofKind = columns.at(-1);
  const found = new Map();
  let last = -1;
  for (const span of spans) {
    if (ofKind[span] === 0) continue;
    if (last >= 0 && columns.every((column) => column[span] === column[last])) {
      continue;
    }
    last = span;
    const known = rows.identityOf(span);
    const identity = Object.fromEntries(
      scopes[kind].filter((name) => name in known)
        .map((name) => [name, known[name]]),
    );
    found.set(thingKey(kind, identity), { kind, identity });
    if (found.size > maxRelated) return [];
  }
  return [...found.values()];
}

function appsOf(rows, spans) {
  const codes = new Set();
  for (const span of spans) codes.add(rows.columns.spanRest[span]);
  const apps = new Set();
  for (const code of codes) {
    const { app } = attributesIn(rows.textOf(code));
    if (typeof app === "string") apps.add(app);
  }
  return [...apps].slice(0, maxRelated);
}

/** The lanes of the attempts that belong to an entity. */
function lanesOf({ stream, selection }, identity) {
  const { chosen } = selection.of(identity);
  const lanes = new Set();
  for (let i = 0; i < chosen.length; i++) {
    if (chosen[i] === 1) lanes.add(stream.lanes[stream.attempts.lane[i]]);
  }
  return lanes;
}
