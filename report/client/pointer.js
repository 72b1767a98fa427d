/* global d3 */
import { count } from "../../display/text/plain.js";
import {
  attemptName,
  shortSeconds,
  thingOf,
  thingOfLane,
} from "./attempt_names.js";
import { sinceText } from "./axis.js";
import { element, fill } from "./elements.js";
import { headingHeight, isUnknown } from "./lanes.js";
import { headroom } from "./paint.js";

/** Pixels from a bar within which the pointer finds it. */
const reachable = 3;

/** Says which bar is at the pointer, and opens what is clicked. */
export function initPointer({ canvas, tip, container }, scene, state) {
  const pointAt = (event) => d3.pointer(event, canvas);

  canvas.addEventListener("pointermove", (event) => {
    const point = pointAt(event);
    const found = scene.band || event.buttons
      ? undefined
      : attemptAt(scene, point);
    canvas.style.cursor = found || laneAt(scene, point) ? "pointer" : "";
    tip.hidden = !found;
    if (!found) return;
    const [name, ...lines] = tipLines(scene, found);
    fill(tip, [
      element("b", {}, name),
      ...lines.map((line) => element("div", {}, line)),
    ]);
    const box = container.getBoundingClientRect();
    const x = event.clientX - box.left + 14;
    const widest = Math.max(0, box.width - tip.offsetWidth);
    tip.style.left = `${Math.min(x, widest)}px`;
    tip.style.top = `${event.clientY - box.top + 16}px`;
  });
  canvas.addEventListener("pointerleave", () => tip.hidden = true);
  canvas.addEventListener("click", (event) => {
    if (scene.isDragged) {
      scene.isDragged = false;
      return;
    }
    const point = pointAt(event);
    const found = attemptAt(scene, point);
    const thing = found ? thingOf(scene.stream, found.i) : laneAt(scene, point);
    if (thing) state.set({ thing });
  });
}

/** The worker or the manager whose name is at a point. */
function laneAt({ layout, stream, left, scroll }, [x, y]) {
  const height = y - headroom + scroll;
  if (y < headroom) return undefined;
  const title = layout.titles.find(({ top }) =>
    height >= top && height < top + headingHeight
  );
  if (title) return thingOfLane(stream.lanes[title.lane], "manager");
  const lane = x < left ? layout.laneAt(height) : -1;
  return lane < 0 ? undefined : thingOfLane(stream.lanes[lane], "worker");
}

/** The attempt at a point, and how many more are there. */
function attemptAt(scene, [x, y]) {
  const { layout, stream, time, span, left, size, chosen } = scene;
  const lane = layout.laneAt(y - headroom + scene.scroll);
  if (lane < 0 || x < left || y < headroom) return undefined;
  const { byLane, attempts } = stream;
  const offset = time.offsets[stream.lanes[lane].runIndex];
  const reach = reachable / (size.width - left) * (span[1] - span[0]);
  const at = scene.placeAt(x) + offset;
  let [found, distance, near] = [-1, Infinity, 0];
  const end = byLane.from[lane + 1];
  let k = d3.bisectLeft(byLane.latest, at - reach, byLane.from[lane], end);
  for (; k < end; k++) {
    const i = byLane.order[k];
    const since = attempts.start[i] - attempts.waited[i];
    if (since > at + reach) break;
    if (chosen.chosen[i] === 0) continue;
    const away = Math.max(attempts.start[i] - at, at - attempts.end[i], 0);
    if (away <= reach) near++;
    // Or it waits there.
    if (away < distance && (away <= reach || attempts.start[i] > at)) {
      [found, distance] = [i, away];
    }
  }
  return found < 0 ? undefined : { i: found, near: Math.max(0, near - 1) };
}

function tipLines({ stream, time, layout, startOf }, { i, near }) {
  const { attempts, lanes, text } = stream;
  const lane = lanes[attempts.lane[i]];
  const outcome = text(attempts.outcome[i]);
  const waited = attempts.waited[i];
  const seconds = shortSeconds(attempts.end[i] - attempts.start[i]);
  return [
    attemptName(stream, i),
    outcome === "not ended"
      ? "did not end"
      : outcome === "running"
      ? `${seconds} or more: no log has its end`
      : `${seconds}, ${outcome}`,
    waited > 0 ? `waited ${shortSeconds(waited)}` : undefined,
    `${sinceText(time.sinceStart(startOf(i)), 0.001)} after the start`,
    isUnknown(lane) ? "no log has its worker" : [
      layout.label(attempts.lane[i]),
      lane.manager === null ? undefined : `manager ${lane.manager}`,
      lane.block === null ? undefined : `block ${lane.block}`,
      lane.executor,
      lane.host === null ? undefined : `on ${lane.host}`,
    ].filter((part) => part).join(", "),
    stream.runs.length > 1 ? `run ${lane.run}` : undefined,
    near > 0 ? `${count(near)} more here: zoom in` : undefined,
  ].filter((line) => line !== undefined);
}
