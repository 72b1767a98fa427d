import { shownName } from "./identity.js";

const headingHeight = 17;
const maxHeight = 22;
const scrolledHeight = 9;

/**
 * The places of lanes below each other, under a heading for each manager, or
 * executor without managers. Lanes that would be lower than three pixels are
 * scrolled, or share pixels if all must fit.
 */
export function layoutLanes({ lanes }, isShown, { height, isFit }) {
  const shown = [...lanes.keys()].filter((lane) => isShown[lane]);
  const groups = [
    ...Map.groupBy(shown, (lane) => groupOf(lanes[lane])).values(),
  ];
  const headings = headingHeight * groups.length;
  const fitting = (height - headings) / shown.length;
  const hasHeadings = fitting >= 3 ||
    !isFit && groups.length * 3 < shown.length ||
    groups.length < 4;
  const room = height - (hasHeadings ? headings : 0);
  const isScrolled = !isFit && room / shown.length < 3;
  const laneHeight = isScrolled ? scrolledHeight : Math.min(
    maxHeight,
    Math.max(room, height / 2) / Math.max(1, shown.length),
  );
  const tops = new Float64Array(shown.length + 1);
  const order = new Int32Array(shown.length);
  const titles = [];
  const { isManyRuns, isManyExecutors } = varying(
    shown.map((lane) => lanes[lane]),
  );
  let [top, next] = [0, 0];
  for (const members of groups) {
    if (hasHeadings) {
      titles.push({
        top,
        text: groupName(lanes, members, { isManyRuns, isManyExecutors }),
      });
      top += headingHeight;
    }
    for (const lane of members) {
      order[next] = lane;
      tops[next++] = top;
      top += laneHeight;
    }
  }
  tops[next] = top;
  return {
    order,
    tops,
    titles,
    laneHeight,
    height: top,
    /** The place of a lane among those that are shown, or -1. */
    placeOf: (lane) => order.indexOf(lane),
    /** The place of the first lane that is below a height, at least partly. */
    firstAt: (y) => Math.max(0, lastBefore(tops.subarray(0, next), y)),
    /** The lane at a height, or -1. */
    laneAt(y) {
      const place = lastBefore(tops.subarray(0, next), y);
      return place >= 0 && y < tops[place] + laneHeight ? order[place] : -1;
    },
    label: (lane) => laneName(lanes[lane]),
  };
}

/** The index of the last of ascending numbers that is not above another, or -1. */
function lastBefore(values, limit) {
  let [from, until] = [0, values.length];
  while (from < until) {
    const middle = (from + until) >> 1;
    if (values[middle] <= limit) from = middle + 1;
    else until = middle;
  }
  return from - 1;
}

const isUnknown = ({ block, manager, worker, host }) =>
  (block ?? manager ?? worker ?? host) === null;

const groupOf = (lane) =>
  JSON.stringify([
    lane.run,
    lane.executor,
    lane.block,
    lane.manager,
    isUnknown(lane),
  ]);

const varying = (lanes) => ({
  isManyRuns: new Set(lanes.map(({ run }) => run)).size > 1,
  isManyExecutors: new Set(lanes.map(({ executor }) => executor)).size > 1,
});

function groupName(lanes, members, { isManyRuns }) {
  const lane = lanes[members[0]];
  const hosts = new Set(members.map((lane) => lanes[lane].host));
  const [host] = hosts;
  return [
    isManyRuns ? `run ${lane.run}` : undefined,
    isUnknown(lane) ? unknownName(lane) : lane.executor,
    lane.block === null ? undefined : `block ${lane.block}`,
    lane.manager === null ? undefined : `manager ${shownName(lane.manager)}`,
    hosts.size === 1 && host !== null ? `on ${host}` : undefined,
  ].filter((part) => part).join(" · ");
}

const unknownName = ({ executor }) =>
  executor === "_parsl_internal"
    ? "joins, which Parsl runs itself"
    : `no worker known${executor === null ? "" : ` · ${executor}`}`;

/** "worker 3", "thread 0", or a host, if the name of the worker is an id. */
function laneName({ worker, host, slot, slots, ...lane }) {
  if (isUnknown({ worker, host, ...lane })) return "";
  const thread = /^ThreadPoolExecutor.*_(\d+)$/.exec(worker ?? "");
  const name = worker === null
    ? host ?? "worker"
    : thread
    ? `thread ${thread[1]}`
    : /^\d+$/.test(worker)
    ? `worker ${worker}`
    : host ?? shownName(worker);
  return slots > 1 ? `${name}, slot ${slot}` : name;
}
