// Draws what is around the bars: names of lanes, axis, failures, outlines.
import { printable } from "../../display/text/plain.js";
import { ticksIn } from "./axis.js";
import { headingHeight } from "./lanes.js";
import { headroom, paintLanes, paintNames } from "./paint.js";

const font = "11px system-ui, sans-serif";
// More hits have a tick each, not an outline.
const maxOutlined = 400;
// A name in a log may be of any length.
const maxCharacters = 120;

/** Draws a scene: what the stream shows, and where on the canvas. */
export function drawScene(context, scene) {
  const { size, theme, left } = scene;
  const { ratio, width, height } = size;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, width, height);
  const labels = paintLanes(scene.image, scene);
  context.putImageData(
    scene.image,
    Math.round(left * ratio),
    Math.round(headroom * ratio),
  );
  context.save();
  context.beginPath();
  context.rect(left, headroom, width - left, height - headroom);
  context.clip();
  paintNames(context, labels, { ...scene, top: headroom });
  drawCuts(context, scene);
  drawMarked(context, scene);
  if (scene.band) drawBand(context, scene);
  context.restore();
  drawGutter(context, scene);
  drawAxis(context, scene);
  drawFailures(context, scene);
}

function drawCuts(context, { time, theme, size, xOf }) {
  context.strokeStyle = theme.muted;
  context.setLineDash([2, 3]);
  context.beginPath();
  for (const { from } of time.parts.slice(1)) {
    const x = Math.round(xOf(from)) - 2.5;
    context.moveTo(x, headroom);
    context.lineTo(x, size.height);
  }
  context.stroke();
  context.setLineDash([]);
}

function drawBand(context, { band, theme, size }) {
  const [a, b] = band.toSorted((a, b) => a - b);
  context.fillStyle = theme.accent;
  context.globalAlpha = 0.2;
  context.fillRect(a, headroom, b - a, size.height - headroom);
  context.globalAlpha = 1;
}

/** Outlines what the details are about, and what was found. */
function drawMarked(context, scene) {
  const { hits, hit, opened, theme } = scene;
  if (hits.length <= maxOutlined) {
    for (const i of hits) outline(context, scene, i, theme.ink, 1);
  } else drawTicks(context, scene);
  for (const i of [...hit < 0 ? [] : [hits[hit]], ...opened]) {
    outline(context, scene, i, theme.accent, 2.5);
  }
}

function outline(context, scene, i, color, width) {
  const { layout, stream, size, left, scroll, xOf, startOf, endOf } = scene;
  const place = layout.placeOf(stream.attempts.lane[i]);
  const y = headroom + layout.tops[place] - scroll;
  if (place < 0 || y < 0 || y > size.height || !scene.isInView(i)) return;
  const a = Math.max(left - 4, xOf(startOf(i)));
  const b = Math.min(size.width + 4, xOf(endOf(i)));
  context.strokeStyle = color;
  context.lineWidth = width;
  context.strokeRect(
    a - 1.5,
    y - 1,
    Math.max(3, b - a + 2),
    Math.max(3, layout.laneHeight),
  );
  context.lineWidth = 1;
}

/** A tick for each pixel of a lane that has some hits. */
function drawTicks(context, scene) {
  const { hits, layout, stream, theme, scroll, xOf, startOf } = scene;
  const seen = new Set();
  context.fillStyle = theme.ink;
  for (const i of hits) {
    const place = layout.placeOf(stream.attempts.lane[i]);
    if (place < 0 || !scene.isInView(i)) continue;
    const x = Math.round(xOf(startOf(i)));
    const key = x * layout.order.length + place;
    if (seen.has(key)) continue;
    seen.add(key);
    const y = headroom + layout.tops[place] - scroll;
    context.fillRect(x, y, 1.5, Math.max(2, layout.laneHeight / 3));
  }
}

function drawGutter(context, { layout, theme, size, left, scroll }) {
  context.save();
  context.beginPath();
  context.rect(0, headroom, size.width, size.height - headroom);
  context.clip();
  context.fillStyle = theme.paper;
  context.fillRect(0, headroom, left, size.height - headroom);
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.fillStyle = theme.muted;
  const pixels = Math.min(11, Math.max(9, layout.laneHeight));
  context.font = `${pixels}px system-ui, sans-serif`;
  const every = Math.max(1, Math.ceil((pixels + 1) / layout.laneHeight - 0.2));
  const { length } = layout.order;
  for (let place = layout.firstAt(scroll); place < length; place++) {
    const y = headroom + layout.tops[place] - scroll;
    if (y > size.height) break;
    // Not the first, which would touch the heading, if there is one for several.
    if (layout.nths[place] % every !== every >> 1) continue;
    context.fillText(
      cutStart(context, layout.label(layout.order[place]), left - 8),
      left - 5,
      y + layout.laneHeight / 2,
    );
  }
  drawHeadings(context, { layout, theme, size, scroll });
  context.restore();
}

/** The headings of groups; that of the first group in sight stays on top. */
function drawHeadings(context, { layout, theme, size, scroll }) {
  const { titles } = layout;
  context.font = `600 ${font}`;
  context.textAlign = "left";
  for (const [i, { top, text }] of titles.entries()) {
    const next = titles[i + 1]?.top ?? Infinity;
    if (next <= scroll || top > scroll + size.height) continue;
    const shown = Math.max(top, Math.min(scroll, next - headingHeight));
    const y = headroom + shown - scroll;
    context.fillStyle = theme.paper;
    context.fillRect(0, y, size.width, headingHeight);
    context.fillStyle = theme.ink;
    context.fillText(cut(context, text, size.width - 8), 4, y + 10);
  }
}

function drawAxis(context, { time, span, theme, size, left, xOf }) {
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, size.width, headroom);
  context.font = font;
  context.textBaseline = "alphabetic";
  const ticks = ticksIn(time, span, Math.max(2, (size.width - left) / 90));
  context.strokeStyle = theme.line;
  context.beginPath();
  let free = left;
  context.textAlign = "center";
  for (const place of ticks.places) {
    const x = Math.round(xOf(place)) + 0.5;
    context.moveTo(x, 28);
    context.lineTo(x, 34);
    const [since, clock] = [ticks.since(place), ticks.clock(place)];
    const half = Math.max(
      context.measureText(since).width,
      context.measureText(clock).width,
    ) / 2;
    if (x - half < free || x + half > size.width) continue;
    free = x + half + 8;
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

/** A mark for each failure, also in lanes that are scrolled out of sight. */
function drawFailures(context, scene) {
  const { failed, chosen, theme, size, left, xOf, endOf } = scene;
  context.fillStyle = theme.failed;
  let before = -1;
  for (const i of failed) {
    if (chosen.chosen[i] === 0 || !scene.isInView(i)) continue;
    const x = Math.round(
      Math.min(size.width - 2, Math.max(left, xOf(endOf(i)))),
    );
    if (x === before) continue;
    before = x;
    context.fillRect(x - 1, headroom - 9, 2, 7);
  }
  if (before >= 0) context.fillText("failures", 4, 42);
}

/** A text that is cut to a width at its end. */
const cut = (context, text, width) =>
  shortened(context, text, width, (length) => `${text.slice(0, length)}…`);

/** The same at its start: hosts and ids differ at their ends. */
const cutStart = (context, text, width) =>
  shortened(context, text, width, (length) => `…${text.slice(-length)}`);

function shortened(context, text, width, cutTo) {
  const fits = (text) => context.measureText(text).width <= width;
  let length = Math.min(text.length, maxCharacters);
  let shown = length < text.length ? cutTo(length) : text;
  while (length > 1 && !fits(shown)) shown = cutTo(--length);
  return printable(shown);
}
