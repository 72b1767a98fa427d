/* global d3 */
import { shownName } from "./identity.js";

export const headingHeight = 17;
const maxHeight = 28;
const minHeight = 9;
/** Lanes that are scrolled: with names, or of more workers than one can name. */
const scrolledHeights = [12, 7];
const maxNamed = 600;

/**
 * The places of lanes below each other, under a heading for each manager, or
 * executor without managers. Lanes that would be too low to be read are scrolled,
 * or share pixels if all must fit.
 */
export function layoutLanes({ lanes }, isShown, { height, isFit }) {
  const shown = [...lanes.keys()].filter((lane) => isShown[lane]);
  const groups = [
    ...Map.groupBy(shown, (lane) => groupOf(lanes[lane])).values(),
  ];
  const headings = headingHeight * groups.length;
  const fitting = (height - headings) / Math.max(1, shown.length);
  const isScrollable = fitting < minHeight;
  const hasHeadings = !isScrollable || !isFit || headings < height / 4;
  const laneHeight = !isScrollable
    ? Math.min(maxHeight, fitting)
    : isFit
    ? (height - (hasHeadings ? headings : 0)) / shown.length
    : scrolledHeights[shown.length <= maxNamed ? 0 : 1];
  const tops = new Float64Array(shown.length + 1);
  const order = new Int32Array(shown.length);
  const nths = new Int32Array(shown.length);
  const titles = [];
  const isManyRuns = new Set(shown.map((lane) => lanes[lane].run)).size > 1;
  let [top, next] = [0, 0];
  for (const members of groups) {
    if (hasHeadings) {
      titles.push({
        top,
        text: groupName(lanes, members, { isManyRuns }),
        lane: members[0],
      });
      top += headingHeight;
    }
    for (const [i, lane] of members.entries()) {
      nths[next] = i;
      order[next] = lane;
      tops[next++] = top;
      top += laneHeight;
    }
  }
  tops[next] = top;
  const places = new Int32Array(lanes.length).fill(-1);
  for (const [place, lane] of order.entries()) places[lane] = place;
  return {
    order,
    tops,
    /** By place, which lane of its group it is, from 0. */
    nths,
    titles,
    laneHeight,
    /** Whether they would be scrolled if they need not fit. */
    isScrollable,
    height: top,
    /** The place of a lane among those that are shown, or -1. */
    placeOf: (lane) => places[lane],
    /** The place of the first lane that is below a height, at least partly. */
    firstAt: (y) => Math.max(0, d3.bisectRight(tops, y, 0, next) - 1),
    /** The lane at a height, or -1. */
    laneAt(y) {
      const place = d3.bisectRight(tops, y, 0, next) - 1;
      return place >= 0 && y < tops[place] + laneHeight ? order[place] : -1;
    },
    label: (lane) => laneName(lanes[lane]),
  };
}

/** Whether no log says where its tasks were. */
export const isUnknown = ({ block, manager, worker, host }) =>
  (block ?? manager ?? worker ?? host) === null;

const groupOf = (lane) =>
  JSON.stringify([
    lane.run,
    lane.executor,
    lane.block,
    lane.manager,
    isUnknown(lane),
  ]);

function groupName(lanes, members, { isManyRuns }) {
  const lane = lanes[members[0]];
  const hosts = new Set(members.map((lane) => lanes[lane].host));
  const [host] = hosts;
  return [
    isManyRuns ? `run ${lane.run}` : undefined,
    isUnknown(lane)
      ? unknownName(lane)
      : isManyRuns && lane.executor === lane.run
      ? undefined
      : lane.executor,
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
  // The manager stands for its workers.
  if (worker === null && slots > 1) return `slot ${slot}`;
  const name = worker === null
    ? host ?? "worker"
    : thread
    ? `thread ${thread[1]}`
    : /^\d+$/.test(worker)
    ? `worker ${worker}`
    : host ?? shownName(worker);
  return slots > 1 ? `${name}, slot ${slot}` : name;
}
