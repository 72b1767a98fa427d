import { identityNames, scoped, thingKey } from "./identity.js";

// A run has too many tasks to list, a worker too many tasks.
const maxRelated = 4;

/** The entities that spans belong to, and their apps and hosts. */
export function relatedTo(rows, attempts, { identity: wanted }, spans) {
  const things = new Map();
  const apps = new Set();
  for (const span of spans) {
    const identity = rows.identityOf(span);
    for (const kind of identityNames) {
      if (!(kind in identity)) continue;
      const one = scoped(identity, kind);
      things.set(thingKey(kind, one), { kind, identity: one });
    }
    const { app } = rows.attributesOf(span);
    if (typeof app === "string") apps.add(app);
  }
  const byKind = Map.groupBy(things.values(), ({ kind }) => kind);
  const few = Object.fromEntries(
    [...byKind].filter(([, alike]) => alike.length <= maxRelated),
  );
  const hosts = new Set();
  for (const lane of lanesOf(attempts, wanted)) {
    if (lane.host != null) hosts.add(lane.host);
  }
  return {
    things: identityNames.toReversed().flatMap((kind) =>
      byKind.get(kind) ?? []
    ),
    few,
    apps: [...apps].slice(0, maxRelated),
    hosts: [...hosts].slice(0, maxRelated),
  };
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
