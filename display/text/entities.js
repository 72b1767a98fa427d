// JavaScript, because the page of a report finds entities too.

/**
 * @typedef {object} Root
 * @property {number} id
 * @property {string} type
 * @property {Record<string, unknown>} attributes
 * @property {string[]} identity names of the attributes that identify it
 */

/**
 * Groups spans by the entity that they describe: spans of different types that
 * have a nested or equal span in common, or the same values of all the
 * attributes that all of them have; spans that are nested in each other.
 *
 * @param {readonly Root[]} roots
 * @param {Iterable<{ root_id: number, span_id: number }>} held the spans that
 * belong to each of them
 * @returns {Root[][]}
 */
export function groupRoots(roots, held) {
  const leaders = new Map(roots.map(({ id }) => [id, id]));
  const leaderOf = (id) => {
    let [leader, next] = [id, leaders.get(id)];
    while (next !== leader) {
      // Shortens the path for the next time.
      leaders.set(leader, leaders.get(next));
      [leader, next] = [next, leaders.get(next)];
    }
    return leader;
  };
  const join = (a, b) => leaders.set(leaderOf(b), leaderOf(a));
  const types = new Map(roots.map(({ id, type }) => [id, type]));
  for (const [span, holders] of Map.groupBy(held, ({ span_id }) => span_id)) {
    const [first, ...others] = holders.map(({ root_id }) => root_id);
    const isAlike = others.every((id) => types.get(id) === types.get(first));
    // Two workers that ran the same task are two entities.
    if (isAlike && !types.has(span)) continue;
    for (const id of others) join(first, id);
  }
  for (const [first, ...others] of sameIdentity(roots)) {
    for (const { id } of others) join(first.id, id);
  }
  return [...Map.groupBy(roots, ({ id }) => leaderOf(id)).values()];
}

/** Groups spans of several types that no shared attribute distinguishes. */
function sameIdentity(roots) {
  if (new Set(roots.map(({ type }) => type)).size < 2) return [];
  const shared = Object.keys(roots[0].attributes)
    .filter((name) =>
      roots.every(({ attributes }) => Object.hasOwn(attributes, name))
    );
  const groups = Map.groupBy(
    roots,
    ({ attributes }) => JSON.stringify(shared.map((name) => attributes[name])),
  );
  return [...groups.values()].filter((group) =>
    new Set(group.map(({ type }) => type)).size === group.length
  );
}

/**
 * "task 79, app bottom", "executor htex, block 0, manager 5fe, worker 1".
 *
 * @param {readonly Root[]} roots
 * @param {readonly string[]} asked names of attributes by which it was found
 * @returns {string}
 */
export function entityName(roots, asked) {
  const known = Object.assign(
    {},
    ...roots.toReversed().map(({ attributes }) => attributes),
  );
  const names = new Set(
    [...roots[0].identity, ...asked, "task", "try", "app"]
      .filter((name) => !["run", "rundir"].includes(name)),
  );
  return [...names]
    .flatMap((name) =>
      known[name] == null || typeof known[name] === "object"
        ? []
        : [`${name.replaceAll("_", " ")} ${known[name]}`]
    ).join(", ");
}

/**
 * As much of the end of each path as no other of its run has: "parsl.log",
 * "htex_beta/interchange.log". `lines` takes it.
 *
 * @param {readonly { path: string, rundir: string | null }[]} sources
 * @returns {Map<string, string>}
 */
export function pathEnds(sources) {
  const short = new Map();
  const shorten = (paths, parts) => {
    const groups = Map.groupBy(
      paths,
      (path) => path.split("/").slice(-parts).join("/"),
    );
    for (const [end, alike] of groups) {
      const isLast = alike.every((path) => path.split("/").length <= parts);
      if (alike.length > 1 && !isLast) shorten(alike, parts + 1);
      else for (const path of alike) short.set(path, end);
    }
  };
  for (const ofRun of Map.groupBy(sources, ({ rundir }) => rundir).values()) {
    shorten([...new Set(ofRun.map(({ path }) => path))], 1);
  }
  return short;
}
