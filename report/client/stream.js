/* global d3 */
import { attemptsOfThing, thingOf } from "./attempt_names.js";
import { coloring, isFailure } from "./colors.js";
import { colorBy, initControls } from "./controls.js";
import { element } from "./elements.js";
import { layoutLanes } from "./lanes.js";
import { initOverview } from "./overview.js";
import { canvasTheme, headroom } from "./paint.js";
import { initPointer } from "./pointer.js";
import { drawScene } from "./scene.js";
import {
  countInView,
  findAttempts,
  inWindow,
  selections,
  viewText,
} from "./selection.js";
import { streamData } from "./stream_data.js";
import { comparedRuns, timeline } from "./timeline.js";
import { initWindow } from "./time_window.js";

/** Tasks over time, by worker. Returns what the keyboard steers. */
export async function initStream(container, data, state) {
  const stream = streamData(await data.stream);
  const selection = selections(stream);
  data.attempts = { stream, selection };
  if (stream.lanes.length === 0) {
    const none = "No task and no worker ran, as far as the logs tell.";
    container.append(element("p", { className: "nothing" }, none));
    const nothing = () => {};
    return {
      pan: nothing,
      zoom: nothing,
      reset: nothing,
      settle: nothing,
      scroll: nothing,
      step: nothing,
    };
  }
  const parts = partsIn(container);
  const { canvas, frame } = parts;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const scene = sceneOf(stream);
  const context = canvas.getContext("2d");

  let isAsked = false;
  function draw() {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      drawNow();
    });
  }

  function drawNow() {
    measure();
    scene.isInView = inWindow(stream, scene.time, scene.span);
    scene.theme = canvasTheme(dark.matches);
    scene.scroll = frame.scrollTop;
    drawScene(context, scene);
    sayWhatIsInView();
    overview.draw(scene);
  }

  /** Finds the size of the canvas, and places for the lanes in it. */
  function measure() {
    const width = Math.floor(frame.clientWidth);
    const ratio = globalThis.devicePixelRatio || 1;
    const room = Math.max(240, Math.min(640, 0.6 * innerHeight));
    const { size } = scene;
    const isSame = width === size.width && ratio === size.ratio &&
      room === size.room;
    if (isSame && scene.layout) return;
    scene.layout = layoutLanes(stream, scene.chosen.isOfLane, {
      height: room - headroom,
      isFit: state.get().rows === "fit",
    });
    scene.left = width < 560 ? 64 : 104;
    const whole = Math.ceil(headroom + scene.layout.height);
    const height = Math.min(room, whole);
    scene.size = { width, ratio, room, height };
    frame.style.height = `${height}px`;
    parts.rows.style.height = `${whole}px`;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    scene.image = new ImageData(
      Math.max(1, Math.round((width - scene.left) * ratio)),
      Math.max(1, Math.round((height - headroom) * ratio)),
    );
    window.fit();
    controls.showRows();
  }

  function sayWhatIsInView() {
    const counts = countInView(stream, scene.chosen, scene.isInView);
    const text = viewText(stream, counts);
    parts.inView.textContent = text;
    Object.assign(canvas.dataset, {
      visibleAttempts: counts.inView,
      lanes: scene.layout.order.length,
      hits: scene.hits.length,
      from: scene.time.toUnix(scene.span[0]).toFixed(6),
      until: scene.time.toUnix(scene.span[1]).toFixed(6),
    });
    canvas.setAttribute("aria-label", `Tasks over time, by worker: ${text}`);
  }

  /** Goes to the next hit of the search, or the one before. */
  function step(direction) {
    const { hits, hit } = scene;
    if (hits.length === 0) return;
    const first = direction > 0 ? 0 : hits.length - 1;
    scene.hit = hit < 0 ? first : (hit + direction + hits.length) % hits.length;
    const i = hits[scene.hit];
    const { layout, size } = scene;
    const place = layout.placeOf(stream.attempts.lane[i]);
    const room = size.height - headroom;
    if (place >= 0) {
      const top = layout.tops[place];
      const isSeen = top >= frame.scrollTop &&
        top + layout.laneHeight <= frame.scrollTop + room;
      if (!isSeen) frame.scrollTop = top - room / 2;
    }
    const around = window.around(scene.startOf(i), scene.endOf(i));
    state.set({ ...scene.time.stateOf(around), thing: thingOf(stream, i) });
  }

  function follow(now, changed) {
    const has = (...names) =>
      !changed || names.some((name) => changed.includes(name));
    if (has("run", "compare")) scene.time = timeline(stream, now);
    if (has("from", "until", "run", "compare")) {
      scene.span = scene.time.windowOf(now);
    }
    const lanes = String(scene.chosen?.isOfLane);
    scene.chosen = selection.of(now);
    if (String(scene.chosen.isOfLane) !== lanes || has("rows")) {
      scene.layout = undefined;
    }
    if (has("color", "compare")) {
      scene.colors = coloring(stream, colorBy(now), comparedRuns(now));
    }
    if (has("search")) {
      scene.hits = findAttempts(stream, now.search ?? "");
      scene.hit = -1;
      scene.isOfLines = false;
    }
    if (has("thing")) scene.opened = attemptsOfThing(stream, now.thing);
    if (scene.layout) window.fit();
    controls.show(now);
    draw();
  }

  /** Marks the attempts whose lines have a text, if no name has it. */
  data.attempts.mark = (found, text) => {
    if (scene.hits.length > 0 || state.get().search !== text) return;
    scene.hits = found;
    scene.isOfLines = true;
    controls.show(state.get());
    draw();
  };

  const window = initWindow(parts, scene, state, draw);
  const controls = initControls(parts, scene, state, {
    step,
    reset: window.reset,
  });
  const overview = initOverview(parts.overview, stream, window);
  initPointer(parts, scene, state);
  state.subscribe(follow);
  follow(state.get());
  drawNow();
  frame.addEventListener("scroll", draw);
  dark.addEventListener("change", draw);
  new ResizeObserver(draw).observe(container);
  return {
    pan: window.pan,
    zoom: window.zoom,
    reset: window.reset,
    settle: window.settle,
    scroll: (share) => frame.scrollTop += share * scene.size.height,
    step,
  };
}

function partsIn(container) {
  const inView = element("output", { id: "in-view" });
  const controls = element("div", { className: "controls" });
  const legend = element("div", { className: "legend" });
  const canvas = element("canvas", { tabIndex: 0 });
  canvas.setAttribute("role", "img");
  const rows = element("div", {}, canvas);
  const frame = element("div", { className: "lanes" }, rows);
  const overview = element("div", { id: "overview" });
  const tip = element("div", { className: "tip", hidden: true });
  container.append(
    element("div", { className: "above" }, inView, controls),
    legend,
    frame,
    overview,
    tip,
  );
  return {
    container,
    inView,
    controls,
    legend,
    canvas,
    rows,
    frame,
    overview,
    tip,
  };
}

/** What the canvas shows: its parts are set as they change. */
function sceneOf(stream) {
  const { attempts, lanes, text } = stream;
  const offsetOf = (i) => scene.time.offsets[lanes[attempts.lane[i]].runIndex];
  const scene = {
    stream,
    size: {},
    left: 0,
    scroll: 0,
    hits: [],
    hit: -1,
    opened: [],
    isSelecting: false,
    band: undefined,
    isFailure: Uint8Array.from(
      attempts.outcome,
      (outcome) => +isFailure(text(outcome)),
    ),
    xOf: (place) => {
      const { left, size, span } = scene;
      return left +
        (place - span[0]) / (span[1] - span[0]) * (size.width - left);
    },
    placeAt: (x) => {
      const { left, size, span } = scene;
      return span[0] +
        (x - left) / (size.width - left) * (span[1] - span[0]);
    },
    startOf: (i) => attempts.start[i] - offsetOf(i),
    endOf: (i) => attempts.end[i] - offsetOf(i),
  };
  scene.failed = [...scene.isFailure.keys()].filter((i) => scene.isFailure[i]);
  return scene;
}
