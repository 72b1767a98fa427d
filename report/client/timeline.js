/* global d3 */

// Of the time of all runs: longer pauses between them are cut to the second.
const longPause = 0.04;
// All of them together take no more than this.
const maxCuts = 0.3;
const cutPause = 0.03;

/** The labels of the runs that lie over each other; one may have a comma. */
export const comparedRuns = ({ compare }) =>
  compare?.split(",").map(decoded) ?? [];

/** The value of "compare" for some labels. */
export const comparing = (...labels) =>
  labels.map((label) => label.replace(/[%,]/g, encodeURIComponent)).join();

function decoded(label) {
  try {
    return decodeURIComponent(label);
  } catch {
    return label;
  }
}

/**
 * Where times lie on the axis, in seconds from its left end: runs lie over each
 * other from their starts if they are compared; long pauses between runs are
 * cut, as runs may be days apart.
 */
export function timeline({ runs, origin }, state) {
  const compared = comparedRuns(state);
  const isShown = ({ run }) =>
    compared.length > 0
      ? compared.includes(run)
      : state.run === undefined || state.run === run;
  const shown = runs.map((run, index) => ({ ...run, index })).filter(isShown)
    .sort((a, b) => a.first - b.first);
  const offsets = new Float64Array(runs.length);
  const parts = compared.length > 0 ? overlaid(shown, compared) : inTurn(shown);
  for (const { offset, members } of parts) {
    for (const { index } of members) offsets[index] = offset;
  }
  if (compared.length > 0) {
    for (const { index, began } of shown) offsets[index] = began;
  }
  const partAt = (place) =>
    parts.findLast(({ from }) => from <= place) ?? parts[0];
  const from = Math.min(0, d3.min(parts, ({ from }) => from) ?? 0);
  const until = Math.max(
    from + 1e-3,
    d3.max(parts, ({ until }) => until) ?? 0,
  );
  const toUnix = (place) => origin + place + (partAt(place)?.offset ?? 0);
  const fromUnix = (unix) => {
    const time = unix - origin;
    const part = parts.findLast(({ offset, from }) => from + offset <= time) ??
      parts[0];
    return time - (part?.offset ?? 0);
  };
  return {
    isShown: runs.map((run) => isShown(run)),
    /** The runs that lie over each other, as indexes. */
    overlaid: compared.map((run) => runs.findIndex((one) => one.run === run))
      .filter((index) => index >= 0),
    from,
    until,
    /** By run: its times minus this are places on the axis. */
    offsets,
    toUnix,
    /** The seconds since the start of the run that is at a place. */
    sinceStart: (place) => {
      const part = partAt(place);
      if (part === undefined) return place;
      const time = place + part.offset;
      const run = part.members.findLast(({ began }) => began <= time) ??
        part.members[0];
      return time - run.began;
    },
    /** The parts of the axis between which pauses are cut. */
    parts,
    /** The window of a state. */
    windowOf: ({ from: first, until: last }) => {
      const a = first === undefined ? from : fromUnix(Number(first));
      const b = last === undefined ? until : fromUnix(Number(last));
      const window = [Math.max(from, a), Math.min(until, b)];
      // The address may be of another report.
      return window[1] > window[0] ? window : [from, until];
    },
    /** What a state says of a window; nothing of the whole. */
    stateOf: ([a, b]) =>
      a <= from && b >= until
        ? { from: null, until: null }
        : { from: digits(toUnix(a)), until: digits(toUnix(b)) },
  };
}

const digits = (unix) => unix.toFixed(6);

/** Clock times are those of the first of the compared runs. */
function overlaid(runs, [first]) {
  if (runs.length === 0) return [];
  const base = runs.find(({ run }) => run === first) ?? runs[0];
  return [{
    from: d3.min(runs, ({ first, began }) => first - began),
    until: d3.max(runs, ({ last, began }) => last - began),
    offset: base.began,
    members: [base],
  }];
}

function inTurn(runs) {
  const parts = [];
  for (const run of runs) {
    const { first, last } = run;
    const part = parts.at(-1);
    if (part && first <= part.last) part.last = Math.max(part.last, last);
    else parts.push({ first, last, members: [] });
    parts.at(-1).members.push(run);
  }
  const total = parts.reduce((sum, { first, last }) => sum + last - first, 0);
  const joined = [];
  for (const part of parts) {
    const before = joined.at(-1);
    if (before && part.first - before.last < longPause * total) {
      before.last = part.last;
      before.members = [...before.members, ...part.members];
    } else joined.push(part);
  }
  const pause = total * Math.min(cutPause, maxCuts / joined.length);
  let place = 0;
  return joined.map(({ first, last, members }) => {
    const from = place;
    place += last - first + pause;
    return { from, until: from + last - first, offset: first - from, members };
  });
}
