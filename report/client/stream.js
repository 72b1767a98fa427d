// Over 300 lines: the gestures, the controls and the drawing of one canvas share its window of time.
/* global d3 */
import { count } from "../../display/text/plain.js";
import { clockText, sinceText, ticksOf } from "./axis.js";
import { coloring } from "./colors.js";
import { element, fill } from "./elements.js";
import { layoutLanes } from "./lanes.js";
import { initOverview } from "./overview.js";
import {
  failures,
  firstAbove,
  headroom,
  paintLanes,
  paintNames,
  themeOf,
} from "./paint.js";
import {
  attemptName,
  countInView,
  findAttempts,
  selections,
  shortSeconds,
  streamData,
  thingOf,
  viewText,
} from "./selection.js";
import { timeline } from "./timeline.js";

/**
 * Tasks over time, by worker: the canvas, its gestures and its controls. Returns
 * what the keyboard steers.
 */
export async function initStream(container, data, state) {
  const stream = streamData(await data.stream);
  const selection = selections(stream);
  data.attempts = { stream, selection };
  if (stream.length === 0) {
    const none = "No task ran, as far as the logs tell.";
    container.append(element("p", { className: "nothing" }, none));
    return { pan() {}, zoom() {}, scroll() {}, reset() {}, step() {} };
  }
  stream.isFailure = failures(stream);
  const failed = [...stream.isFailure.keys()]
    .filter((i) => stream.isFailure[i]);
  const parts = {
    inView: element("output", { id: "in-view" }),
    controls: element("div", { className: "controls" }),
    legend: element("div", { className: "legend" }),
    canvas: element("canvas", { tabIndex: 0 }),
    tip: element("div", { className: "tip", hidden: true }),
    overview: element("div", { id: "overview" }),
  };
  const { canvas, tip } = parts;
  canvas.setAttribute("role", "img");
  const height = element("div", { className: "lane-height" }, canvas);
  const frame = element("div", { className: "lanes" }, height);
  container.append(
    element("div", { className: "above" }, parts.inView, parts.controls),
    parts.legend,
    frame,
    parts.overview,
    tip,
  );

  const dark = matchMedia("(prefers-color-scheme: dark)");
  const size = { width: 0, height: 0, gutter: 0, ratio: 1 };
  let time;
  let span;
  let chosen;
  let layout;
  let colors;
  let image;
  let hits = [];
  let hit = -1;
  let band;

  const left = () => size.gutter;
  const plotWidth = () => Math.max(10, size.width - size.gutter);
  const placeAt = (x) =>
    span[0] + (x - left()) / plotWidth() * (span[1] - span[0]);
  const xOf = (place) =>
    left() + (place - span[0]) / (span[1] - span[0]) * plotWidth();
  const offsetOf = (i) =>
    time.offsets[stream.lanes[stream.attempts.lane[i]].runIndex];
  const startOf = (i) => stream.attempts.start[i] - offsetOf(i);
  const endOf = (i) => stream.attempts.end[i] - offsetOf(i);
  const isInView = (i) => endOf(i) >= span[0] && startOf(i) <= span[1];

  // ---- Drawing.

  let isAsked = false;
  function draw() {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      drawNow();
    });
  }

  function measure() {
    const width = Math.floor(frame.clientWidth);
    const isNarrow = width < 560;
    const ratio = globalThis.devicePixelRatio || 1;
    const wanted = Math.max(220, Math.min(560, 0.55 * innerHeight));
    const gutter = isNarrow ? 64 : 104;
    if (
      width !== size.width || ratio !== size.ratio || wanted !== size.wanted
    ) {
      Object.assign(size, { width, ratio, gutter, wanted });
      layout = undefined;
    }
    if (layout) return;
    layout = layoutLanes(stream, chosen.isOfLane, {
      height: wanted - headroom,
      isFit: state.get().rows === "fit",
    });
    size.height = Math.min(wanted, Math.ceil(headroom + layout.height));
    frame.style.height = `${size.height}px`;
    height.style.height = `${headroom + layout.height}px`;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${size.height}px`;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(size.height * ratio);
    image = new ImageData(
      Math.max(1, Math.round(plotWidth() * ratio)),
      Math.max(1, Math.round((size.height - headroom) * ratio)),
    );
    zoom.extent([[left(), 0], [width, size.height]])
      .translateExtent([[left(), -Infinity], [width, Infinity]])
      .scaleExtent([1, Math.max(1, (time.until - time.from) / 1e-5)]);
    followSpan();
  }

  function drawNow() {
    measure();
    const { ratio } = size;
    const theme = themeOf(dark.matches);
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = theme.paper;
    context.fillRect(0, 0, size.width, size.height);
    const scroll = frame.scrollTop;
    const paint = {
      stream,
      layout,
      chosen: chosen.chosen,
      colors: { ...colors, isFailure: stream.isFailure },
      offsets: time.offsets,
      span,
      scroll,
      ratio,
      theme,
      left: left(),
      top: headroom,
    };
    const labels = paintLanes(image, paint);
    context.putImageData(
      image,
      Math.round(left() * ratio),
      Math.round(headroom * ratio),
    );
    context.save();
    context.beginPath();
    context.rect(left(), headroom, plotWidth(), size.height - headroom);
    context.clip();
    paintNames(context, labels, paint);
    drawCuts(context, theme);
    drawMarked(context, theme, scroll);
    context.restore();
    drawGutter(context, theme, scroll);
    drawAxis(context, theme);
    drawFailures(context, theme);
    if (band) {
      context.fillStyle = theme.accent;
      context.globalAlpha = 0.2;
      const [a, b] = band.toSorted((a, b) => a - b);
      context.fillRect(a, headroom, b - a, size.height - headroom);
      context.globalAlpha = 1;
    }
    sayWhatIsInView();
    overview.draw({
      time,
      span,
      chosen,
      theme,
      width: size.width,
      left: left(),
    });
  }

  function sayWhatIsInView() {
    const counts = countInView(stream, chosen, { isInView });
    const text = viewText(counts);
    parts.inView.textContent = text;
    canvas.dataset.visibleAttempts = counts.inView;
    canvas.dataset.from = time.toUnix(span[0]).toFixed(6);
    canvas.dataset.until = time.toUnix(span[1]).toFixed(6);
    canvas.dataset.lanes = layout.order.length;
    canvas.setAttribute("aria-label", `Tasks over time, by worker: ${text}`);
  }

  function drawCuts(context, theme) {
    context.strokeStyle = theme.muted;
    context.setLineDash([2, 3]);
    for (const cut of time.cuts) {
      const x = Math.round(xOf(cut)) - 2.5;
      context.beginPath();
      context.moveTo(x, headroom);
      context.lineTo(x, size.height);
      context.stroke();
    }
    context.setLineDash([]);
  }

  /** Outlines what the details are about and what was found. */
  function drawMarked(context, theme, scroll) {
    const outline = (i, color, width) => {
      const place = layout.placeOf(stream.attempts.lane[i]);
      if (place < 0 || !isInView(i)) return;
      const y = headroom + layout.tops[place] - scroll;
      if (y < 0 || y > size.height) return;
      const a = Math.max(left() - 4, xOf(startOf(i)));
      const b = Math.min(size.width + 4, xOf(endOf(i)));
      context.strokeStyle = color;
      context.lineWidth = width;
      context.strokeRect(
        a - 1.5,
        y - 1,
        Math.max(3, b - a + 2),
        Math.max(3, layout.laneHeight),
      );
    };
    for (const i of hits.length <= maxOutlined ? hits : []) {
      outline(i, theme.ink, 1);
    }
    if (hits.length > maxOutlined) {
      // A tick for each pixel that has some.
      const seen = new Set();
      context.fillStyle = theme.ink;
      for (const i of hits) {
        const place = layout.placeOf(stream.attempts.lane[i]);
        if (place < 0 || !isInView(i)) continue;
        const x = Math.round(xOf(startOf(i)));
        const key = x * 1e6 + place;
        if (seen.has(key)) continue;
        seen.add(key);
        const y = headroom + layout.tops[place] - scroll;
        context.fillRect(x, y, 1.5, Math.max(2, layout.laneHeight / 3));
      }
    }
    if (hit >= 0) outline(hits[hit], theme.accent, 2.5);
    for (const i of attemptsOfThing()) outline(i, theme.accent, 2.5);
  }

  function drawGutter(context, theme, scroll) {
    context.fillStyle = theme.paper;
    context.fillRect(0, headroom, left(), size.height - headroom);
    context.save();
    context.beginPath();
    context.rect(0, headroom, size.width, size.height - headroom);
    context.clip();
    context.textBaseline = "middle";
    context.textAlign = "left";
    context.font = "600 11px system-ui, sans-serif";
    for (const { top, text } of layout.titles) {
      const y = headroom + top - scroll;
      if (y < headroom - 20 || y > size.height) continue;
      context.fillStyle = theme.paper;
      context.fillRect(0, y, size.width, 17);
      context.fillStyle = theme.ink;
      context.fillText(cut(context, text, size.width - 8), 4, y + 10);
    }
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "right";
    context.fillStyle = theme.muted;
    const every = Math.max(1, Math.ceil(12 / layout.laneHeight));
    for (
      let place = layout.firstAt(scroll);
      place < layout.order.length;
      place++
    ) {
      const y = headroom + layout.tops[place] - scroll;
      if (y > size.height) break;
      if (place % every !== 0) continue;
      const text = layout.label(layout.order[place]);
      context.fillText(
        cut(context, text, left() - 8),
        left() - 5,
        y + Math.max(layout.laneHeight, 1) / 2,
      );
    }
    context.restore();
  }

  function drawAxis(context, theme) {
    context.fillStyle = theme.paper;
    context.fillRect(0, 0, size.width, headroom);
    context.font = "11px system-ui, sans-serif";
    context.textBaseline = "alphabetic";
    const { step, first } = axisTicks();
    context.strokeStyle = theme.line;
    context.beginPath();
    let free = -Infinity;
    for (let k = 0; k < 200; k++) {
      // Not a sum of steps, whose errors would add up.
      const place = first + k * step;
      if (place > span[1]) break;
      const x = Math.round(xOf(place)) + 0.5;
      context.moveTo(x, 28);
      context.lineTo(x, 34);
      const since = sinceText(time.sinceStart(place), step);
      const clock = clockText(time.toUnix(place), step);
      const half = Math.max(
        context.measureText(since).width,
        context.measureText(clock).width,
      ) / 2;
      if (x - half < Math.max(free, left()) || x + half > size.width) continue;
      free = x + half + 10;
      context.textAlign = "center";
      context.fillStyle = theme.ink;
      context.fillText(since, x, 12);
      context.fillStyle = theme.muted;
      context.fillText(clock, x, 25);
    }
    context.stroke();
    context.textAlign = "left";
    context.fillStyle = theme.ink;
    context.fillText("since start", 4, 12);
    context.fillStyle = theme.muted;
    context.fillText("UTC", 4, 25);
  }

  /** Ticks at round times since the start of the run that is on the left. */
  function axisTicks() {
    const max = Math.max(2, plotWidth() / 90);
    const shift = span[0] - time.sinceStart(span[0]);
    const { step, first } = ticksOf(span.map((place) => place - shift), max);
    return { step, first: first + shift };
  }

  /** A mark for each failure, also of lanes that are scrolled out of sight. */
  function drawFailures(context, theme) {
    context.fillStyle = theme.failed;
    let before = -1;
    for (const i of failed) {
      if (chosen.chosen[i] === 0 || !isInView(i)) continue;
      const x = Math.round(
        Math.min(size.width - 2, Math.max(left(), xOf(endOf(i)))),
      );
      if (x === before) continue;
      before = x;
      context.fillRect(x - 1, headroom - 8, 2, 6);
    }
    const text = "failures";
    context.font = "11px system-ui, sans-serif";
    context.textAlign = "left";
    context.fillText(failed.length > 0 ? text : "", 4, 42);
  }

  // ---- The window of time.

  /** Whether the gesture has an entry in the history already. */
  let hasEntry = false;
  let isLater;

  /** Shows a window; `isOver` ends the gesture that leads to it. */
  function moveTo(window, isOver = true) {
    const width = Math.min(window[1] - window[0], time.until - time.from);
    const from = Math.min(
      Math.max(window[0], time.from),
      time.until - width,
    );
    span = [from, from + width];
    followSpan();
    draw();
    clearTimeout(isLater);
    const tell = () => {
      state.set(time.stateOf(span), { replace: hasEntry });
      hasEntry = !isOver;
    };
    if (isOver) tell();
    else isLater = setTimeout(tell, 120);
  }

  const zoom = d3.zoom()
    .filter((event) => {
      if (event.type === "wheel") {
        return !event.shiftKey && d3.pointer(event, canvas)[0] >= left();
      }
      return !event.button && !event.shiftKey && !isSelecting;
    })
    .on("zoom", ({ transform, sourceEvent }) => {
      if (!sourceEvent) return;
      if (sourceEvent.type === "mousemove") {
        frame.scrollTop -= sourceEvent.movementY;
      }
      const whole = d3.scaleLinear([time.from, time.until], [
        left(),
        size.width,
      ]);
      moveTo(transform.rescaleX(whole).domain(), false);
    })
    .on("end", ({ sourceEvent }) => {
      if (sourceEvent && hasEntryOrPending()) moveTo(span);
    });
  const hasEntryOrPending = () => {
    const now = time.stateOf(span);
    const { from = null, until = null } = state.get();
    return hasEntry || now.from !== from || now.until !== until;
  };

  /** Makes the transform of the zoom that of the window. */
  function followSpan() {
    const whole = time.until - time.from;
    const k = whole / (span[1] - span[0]);
    const x = left() -
      k * (left() + (span[0] - time.from) / whole * plotWidth());
    // Without an event: the window is there already.
    canvas.__zoom = new d3.ZoomTransform(k, x, 0);
  }

  const selected = d3.select(canvas).call(zoom).on("dblclick.zoom", null);
  selected.style("touch-action", "pan-y");
  canvas.addEventListener("dblclick", () => moveTo([time.from, time.until]));
  canvas.addEventListener("wheel", (event) => {
    if (!event.shiftKey) return;
    event.preventDefault();
    frame.scrollTop += event.deltaY || event.deltaX;
  }, { passive: false });

  // A drag with Shift, or in the mode of selecting, selects a range.
  let isSelecting = false;
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button || !(event.shiftKey || isSelecting)) return;
    const [x] = d3.pointer(event, canvas);
    if (x < left()) return;
    band = [x, x];
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!band) return;
    const [x] = d3.pointer(event, canvas);
    band = [band[0], Math.min(size.width, Math.max(left(), x))];
    draw();
  });
  canvas.addEventListener("pointerup", () => {
    if (!band) return;
    const [a, b] = band.toSorted((a, b) => a - b);
    band = undefined;
    if (b - a > 3) moveTo([placeAt(a), placeAt(b)]);
    else draw();
  });

  // ---- The bar at the pointer.

  /** The attempt at a point and how many more are within a pixel or two. */
  function attemptAt([x, y]) {
    const lane = layout.laneAt(y - headroom + frame.scrollTop);
    if (lane < 0 || x < left() || y < headroom) return undefined;
    const { byLane, attempts } = stream;
    const offset = time.offsets[stream.lanes[lane].runIndex];
    const reach = 3 / plotWidth() * (span[1] - span[0]);
    const at = placeAt(x) + offset;
    let [found, distance, near] = [-1, Infinity, 0];
    const [first, end] = [byLane.from[lane], byLane.from[lane + 1]];
    let k = firstAbove(byLane.latest, first, end, at - reach);
    for (; k < end; k++) {
      const i = byLane.order[k];
      if (attempts.start[i] - attempts.waited[i] > at + reach) break;
      if (chosen.chosen[i] === 0) continue;
      const away = Math.max(
        attempts.start[i] - at,
        at - attempts.end[i],
        0,
      );
      if (away <= reach) near++;
      if (away < distance && (away <= reach || attempts.start[i] > at)) {
        [found, distance] = [i, away];
      }
    }
    if (found < 0) return undefined;
    return { i: found, near: near - 1 };
  }

  function tipText(i, near) {
    const { attempts, lanes, text } = stream;
    const lane = lanes[attempts.lane[i]];
    const outcome = text(attempts.outcome[i]);
    const waited = attempts.waited[i];
    const isOfWorker = attempts.span[i] !== -2;
    const lines = [
      attemptName(stream, i),
      [
        shortSeconds(attempts.end[i] - attempts.start[i]),
        outcome === "running" ? "no log has its end" : outcome,
      ].join(", "),
      waited > 0 ? `waited ${shortSeconds(waited)} before` : undefined,
      `from ${sinceText(time.sinceStart(startOf(i)), 0.001)} after the start`,
      isOfWorker
        ? [
          layout.label(attempts.lane[i]),
          lane.manager && `manager ${lane.manager}`,
          lane.host && `on ${lane.host}`,
        ].filter(Boolean).join(", ")
        : "no log has its worker",
      stream.runs.length > 1 ? `run ${lane.run}` : undefined,
      near > 0 ? `${count(near)} more here: zoom in` : undefined,
    ];
    return lines.filter((line) => line);
  }

  canvas.addEventListener("pointermove", (event) => {
    const point = d3.pointer(event, canvas);
    const found = band || event.buttons ? undefined : attemptAt(point);
    canvas.style.cursor = found ? "pointer" : "";
    tip.hidden = !found;
    if (!found) return;
    const [head, ...lines] = tipText(found.i, found.near);
    fill(tip, [
      element("b", {}, head),
      ...lines.map((line) => element("div", {}, line)),
    ]);
    const box = container.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    tip.style.left = `${
      Math.max(0, Math.min(x + 14, box.width - tip.offsetWidth))
    }px`;
    tip.style.top = `${y + 16}px`;
  });
  canvas.addEventListener("pointerleave", () => tip.hidden = true);
  canvas.addEventListener("click", (event) => {
    const found = attemptAt(d3.pointer(event, canvas));
    if (found) state.set({ thing: thingOf(stream, found.i) });
  });

  function attemptsOfThing() {
    const { thing } = state.get();
    if (thing === undefined) return [];
    if (things.of !== thing) {
      things = { of: thing, found: attemptsNamed(thing) };
    }
    return things.found;
  }
  let things = { of: undefined, found: [] };
  const attemptsNamed = (thing) => {
    const found = [];
    const [kind, run, ...name] = thing.split(":");
    if (!["task", "try", "executor_task"].includes(kind)) return found;
    for (let i = 0; i < stream.length; i++) {
      if (stream.lanes[stream.attempts.lane[i]].run !== run) continue;
      if (kind === "task") {
        if (stream.text(stream.attempts.task[i]) === name.join(":")) {
          found.push(i);
        }
      } else if (thingOf(stream, i) === thing) found.push(i);
    }
    return found;
  };

  // ---- Controls, legend, search.

  const colorChoice = element("select", { id: "color" });
  colorChoice.setAttribute("aria-label", "Color of the bars");
  fill(colorChoice, [
    element("option", { value: "app" }, "color by app"),
    element("option", { value: "outcome" }, "color by outcome"),
    stream.runs.length > 1
      ? element("option", { value: "run" }, "color by run")
      : undefined,
  ]);
  colorChoice.addEventListener(
    "change",
    () =>
      state.set({
        color: colorChoice.value === "app" ? null : colorChoice.value,
      }),
  );
  const compareChoice = element("select", { id: "compare" });
  compareChoice.setAttribute("aria-label", "Lay another run over this one");
  compareChoice.addEventListener("change", () => {
    const base = baseRun(state.get());
    state.set({
      compare: compareChoice.value && `${base},${compareChoice.value}`,
      run: compareChoice.value ? null : base,
      from: null,
      until: null,
    });
  });
  const baseRun = ({ run, compare }) =>
    run ?? compare?.split(",")[0] ?? stream.runs[0].run;
  const button = (text, title, onclick) =>
    element("button", { type: "button", title, onclick }, text);
  const select = button(
    "Select a range",
    "Drag to select a range of time (or Shift and drag)",
    () => {
      isSelecting = !isSelecting;
      select.setAttribute("aria-pressed", isSelecting);
    },
  );
  select.setAttribute("aria-pressed", "false");
  const rows = button(
    "Fit all rows",
    "Show all workers without scrolling",
    () => {
      state.set({ rows: state.get().rows === "fit" ? null : "fit" }, {
        replace: true,
      });
    },
  );
  const whole = button(
    "Whole time",
    "Show all (double click)",
    () => moveTo([time.from, time.until]),
  );
  const hitText = element("output", { id: "hits" });
  const found = element(
    "span",
    { className: "found", hidden: true },
    hitText,
    button("‹", "The hit before", () => step(-1)),
    button("›", "The next hit", () => step(1)),
  );
  fill(parts.controls, [
    colorChoice,
    stream.runs.length > 1 ? compareChoice : undefined,
    select,
    whole,
    rows,
    found,
  ]);

  function showControls(now) {
    colorChoice.value = colorBy(now);
    fill(compareChoice, [
      element("option", { value: "" }, "lay over it…"),
      ...stream.runs.filter(({ run }) => run !== baseRun(now))
        .map(({ run }) =>
          element(
            "option",
            { value: run },
            `run ${run} over run ${baseRun(now)}`,
          )
        ),
    ]);
    compareChoice.value = now.compare?.split(",")[1] ?? "";
    rows.setAttribute("aria-pressed", now.rows === "fit");
    rows.hidden = chosen.isOfLane.filter(Boolean).length * 3 < 500;
    found.hidden = !now.search;
    hitText.textContent = hits.length === 0
      ? "no task, app, host or worker found"
      : `${hit >= 0 ? `${count(hit + 1)} of ` : ""}${count(hits.length)} ${
        hits.length === 1 ? "hit" : "hits"
      }`;
    canvas.dataset.hits = hits.length;
    showLegend(now);
  }

  function showLegend(now) {
    fill(
      parts.legend,
      colors.groups.map((group) => {
        const swatch = element("i", { className: "swatch" });
        swatch.style.background = group.color;
        if (!group.filter) return element("span", {}, swatch, group.name);
        const [[key, value]] = Object.entries(group.filter);
        const isSet = now[key] === value;
        const link = element(
          "a",
          {
            href: state.hashWith({ [key]: isSet ? null : value }),
            title: isSet ? `Show all again` : `Only ${key} ${value}`,
          },
          swatch,
          group.name,
        );
        if (isSet) link.setAttribute("aria-current", "true");
        return link;
      }),
    );
    parts.legend.append(
      element("span", { className: "note" }, "paler: waiting for its worker"),
    );
    if (failed.length > 0) {
      const swatch = element("i", { className: "swatch failed" });
      parts.legend.append(
        element("span", { className: "note" }, swatch, "failed or lost"),
      );
    }
  }

  /** Goes to the next hit, or the one before. */
  function step(direction) {
    if (hits.length === 0) return;
    hit = hit < 0
      ? direction > 0 ? 0 : hits.length - 1
      : (hit + direction + hits.length) % hits.length;
    const i = hits[hit];
    state.set({ thing: thingOf(stream, i) });
    bringIntoView(i);
    showControls(state.get());
  }

  function bringIntoView(i) {
    const place = layout?.placeOf(stream.attempts.lane[i]) ?? -1;
    if (place >= 0) {
      const top = layout.tops[place];
      const room = size.height - headroom;
      if (
        top < frame.scrollTop ||
        top + layout.laneHeight > frame.scrollTop + room
      ) {
        frame.scrollTop = top - room / 2;
      }
    }
    const width = span[1] - span[0];
    if (startOf(i) < span[0] || endOf(i) > span[1]) {
      const middle = (startOf(i) + Math.min(endOf(i), startOf(i) + width)) / 2;
      moveTo([middle - width / 2, middle + width / 2]);
    }
    draw();
  }

  // ---- The state.

  const colorBy = ({ color, compare }) =>
    color ?? (compare === undefined ? "app" : "run");

  function follow(now, changed) {
    const has = (...names) =>
      !changed || names.some((name) => changed.includes(name));
    if (has("run", "compare")) time = timeline(stream, now);
    if (has("from", "until", "run", "compare")) span = time.windowOf(now);
    const before = chosen;
    chosen = selection.of(now);
    if (
      !before || String(before.isOfLane) !== String(chosen.isOfLane) ||
      has("rows")
    ) {
      layout = undefined;
    }
    if (has("color", "compare")) colors = coloring(stream, colorBy(now));
    if (has("search")) {
      hits = findAttempts(stream, now.search ?? "");
      hit = -1;
    }
    if (layout) followSpan();
    showControls(now);
    draw();
  }

  const overview = initOverview(parts.overview, stream, { moveTo });
  state.subscribe(follow);
  follow(state.get());
  drawNow();
  frame.addEventListener("scroll", draw);
  dark.addEventListener("change", draw);
  new ResizeObserver(draw).observe(container);
  return {
    pan(share) {
      const width = span[1] - span[0];
      moveTo([span[0] + share * width, span[1] + share * width]);
    },
    zoom(factor) {
      const middle = (span[0] + span[1]) / 2;
      const half = (span[1] - span[0]) / 2 / factor;
      moveTo([middle - half, middle + half]);
    },
    scroll(share) {
      frame.scrollTop += share * size.height;
    },
    reset: () => moveTo([time.from, time.until]),
    step,
  };
}

const maxOutlined = 400;

/** A text that is cut to a width. */
function cut(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let length = text.length;
  while (
    length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width
  ) {
    length--;
  }
  return `${text.slice(0, length)}…`;
}
