/* global d3 */
// Draws the lanes pixel by pixel: a million bars take no longer than a frame.
import { printable } from "../../display/text/plain.js";
import { isLight, rgbParts } from "./colors.js";

export const headroom = 46;
const minBarLabel = 44;
const minLabelHeight = 11;
const shades = 16;
const maxBarLabels = 500;

/** Colors of the page, of what is drawn on it. */
const themes = {
  light: {
    paper: "#ffffff",
    alive: "#eef0f3",
    ink: "#1c2024",
    muted: "#596069",
    line: "#d6d9de",
    accent: "#0b57c2",
    failed: "#d92b3a",
  },
  dark: {
    paper: "#15181c",
    alive: "#2b3037",
    ink: "#e8eaed",
    muted: "#a7adb5",
    line: "#3a4048",
    accent: "#84b6ff",
    failed: "#ff4d5e",
  },
};

export const canvasTheme = (isDark) => isDark ? themes.dark : themes.light;

const mixed = (a, b, share) => a.map((it, i) => it + (b[i] - it) * share);
// Little-endian, as every browser's machine is.
const packed = ([red, green, blue]) =>
  (255 << 24 | Math.round(blue) << 16 | Math.round(green) << 8 |
    Math.round(red)) >>> 0;

/** The pixels of each group: by shade from pale to full, dimmed, and waiting. */
function palette(groups, theme) {
  const [paper, alive] = [theme.paper, theme.alive].map(rgbParts);
  const colors = groups.map(({ color }) => rgbParts(color));
  return {
    paper: packed(paper),
    alive: packed(alive),
    failed: packed(rgbParts(theme.failed)),
    full: colors.map((color) =>
      Uint32Array.from(
        { length: shades + 1 },
        (_, i) => packed(mixed(alive, color, 0.3 + 0.7 * i / shades)),
      )
    ),
    waiting: colors.map((color) => packed(mixed(paper, color, 0.28))),
    edge: colors.map((color) => packed(mixed(paper, color, 0.72))),
    dimmed: packed(mixed(alive, rgbParts(theme.muted), 0.25)),
    dimmedWait: packed(mixed(alive, rgbParts(theme.muted), 0.08)),
  };
}

/** Draws lanes between two times into an image; returns bars with room for a name. */
export function paintLanes(
  image,
  { stream, layout, chosen: { chosen }, colors, isFailure, ...scene },
) {
  const { time: { offsets }, span, scroll, size: { ratio }, theme } = scene;
  const { attempts, byLane, lanes } = stream;
  const { width, height } = image;
  const pixels = new Uint32Array(image.data.buffer);
  const shade = palette(colors.groups, theme);
  pixels.fill(shade.paper);
  const [from, until] = span;
  const scale = width / (until - from);
  const row = new Uint32Array(width);
  const marks = new Uint32Array(width);
  const cover = new Float32Array(width);
  const best = new Float32Array(width);
  const group = new Int16Array(width);
  const failed = new Uint8Array(width);
  const labels = [];
  const hasLabels = layout.laneHeight >= minLabelHeight;
  const laneHeight = layout.laneHeight * ratio;

  /** Adds the bars of a lane to the row. */
  function addLane(lane, place) {
    const offset = offsets[lanes[lane].runIndex] + from;
    const { from: born, until: died } = lanes[lane];
    if (born !== null) {
      const a = Math.max(0, Math.floor((born - offset) * scale));
      const b = Math.min(width, Math.ceil((died - offset) * scale));
      for (let x = a; x < b; x++) {
        if (row[x] === shade.paper) row[x] = shade.alive;
      }
    }
    const [first, end] = [byLane.from[lane], byLane.from[lane + 1]];
    let at = d3.bisectLeft(byLane.latest, offset, first, end);
    const last = offset + (until - from);
    let before = at > first ? byLane.latest[at - 1] : -Infinity;
    for (; at < end; at++) {
      const i = byLane.order[at];
      const start = attempts.start[i];
      const since = Math.max(
        start - attempts.waited[i],
        before,
        born ?? -Infinity,
      );
      if (since > last) break;
      const isChosen = chosen[i] === 1;
      const color = colors.of[i];
      const a = (start - offset) * scale;
      const b = (attempts.end[i] - offset) * scale;
      if (since < start) {
        const w = Math.max(0, Math.floor((since - offset) * scale));
        const end = Math.min(width, Math.floor(a));
        const pixel = isChosen ? shade.waiting[color] : shade.dimmedWait;
        for (let x = w; x < end; x++) if (cover[x] === 0) row[x] = pixel;
      }
      if (start > last) break;
      before = Math.max(before, attempts.end[i]);
      const size = b - a;
      if (size >= 1.5) {
        const x0 = Math.max(0, Math.round(a));
        const x1 = Math.min(width, Math.max(Math.round(a) + 1, Math.round(b)));
        const pixel = isChosen ? shade.full[color][shades] : shade.dimmed;
        row.fill(pixel, x0, x1);
        cover.fill(2, x0, x1);
        // A line between two bars that follow each other.
        if (size > 4 * ratio && a >= 0) {
          row[x0] = isChosen ? shade.edge[color] : shade.dimmedWait;
        }
        if (hasLabels && isChosen && x1 - x0 > minBarLabel * ratio) {
          labels.push({ i, place, from: x0, until: x1 });
        }
      } else {
        const x = Math.floor(a);
        if (x >= 0 && x < width && cover[x] < 2) {
          cover[x] += Math.max(size, 0.05);
          const weight = isChosen ? size + 1e-6 : -1;
          if (group[x] === -1 || weight > best[x]) {
            best[x] = weight;
            group[x] = isChosen ? color : -2;
          }
        }
      }
      if (isChosen && isFailure[i]) {
        const x = Math.min(
          width - 1,
          Math.max(0, Math.round(Math.min(b, width) - ratio)),
        );
        const x0 = Math.max(0, size > 3 ? Math.round(a) : x);
        for (
          let p = x0;
          p < Math.min(width, Math.max(x0 + 2 * ratio, Math.round(b)));
          p++
        ) {
          failed[p] = 1;
        }
      }
    }
  }

  const { tops, order } = layout;
  let y = 0;
  for (let place = layout.firstAt(scroll); place < order.length;) {
    const top = Math.round((tops[place] - scroll) * ratio);
    if (top >= height) break;
    row.fill(shade.paper);
    cover.fill(0);
    best.fill(-2);
    group.fill(-1);
    failed.fill(0);
    // Lanes lower than a pixel share one.
    let next = place;
    do addLane(order[next], next++); while (
      next < order.length && Math.round((tops[next] - scroll) * ratio) === top
    );
    const shared = next - place;
    for (let x = 0; x < width; x++) {
      if (cover[x] > 0 && cover[x] < 2 && group[x] !== -1) {
        row[x] = group[x] === -2 ? shade.dimmed : shade.full[group[x]][
          Math.round(shades * Math.min(1, cover[x] / shared))
        ];
      }
      marks[x] = failed[x] ? shade.failed : row[x];
    }
    const gap = laneHeight >= 6 ? Math.max(1, Math.round(ratio)) : 0;
    const bottom = Math.min(
      height,
      Math.max(
        top + 1,
        Math.round((tops[next - 1] - scroll) * ratio + laneHeight) - gap,
      ),
    );
    const size = bottom - top;
    for (y = Math.max(0, top); y < bottom; y++) {
      // The lower part of a bar says whether it failed.
      pixels.set(size < 4 || y >= bottom - size * 0.4 ? marks : row, y * width);
    }
    place = next;
  }
  return labels.length > maxBarLabels ? [] : labels;
}

/** The names of bars, in the bars. */
export function paintNames(
  context,
  labels,
  { stream, layout, colors, scroll, left, top, size: { ratio } },
) {
  const { attempts, text } = stream;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.font = `${
    Math.min(12, layout.laneHeight - 3)
  }px system-ui, sans-serif`;
  for (const { i, place, from, until } of labels) {
    const width = (until - from) / ratio - 6;
    const task = text(attempts.task[i]) ?? text(attempts.executor_task[i]) ??
      "";
    const app = text(attempts.app[i]) ?? "";
    // A name in a log may be of any length.
    const wanted = [`${task} ${app}`, task].find((one) =>
      one.length <= width && context.measureText(one).width <= width
    );
    if (!wanted) continue;
    context.fillStyle = isLight(colors.groups[colors.of[i]].color)
      ? "#111"
      : "#fff";
    context.fillText(
      printable(wanted),
      left + from / ratio + 4,
      top + layout.tops[place] - scroll + layout.laneHeight / 2 - 0.5,
    );
  }
}
