// These make Deno install the packages; their bundles are not among the modules
// that they export.
import "@observablehq/plot" with { type: "text" };
import "d3" with { type: "text" };
import plain from "../display/text/plain.js" with { type: "text" };
import { page } from "../display/notebook/page.ts";
import { escapeMarkup } from "../display/text/untrusted.ts";
import type { Chart } from "../plots/mod.ts";
import entities from "../display/text/entities.js" with { type: "text" };
import repeatedAccounts from "../display/text/repeated_accounts.js" with {
  type: "text",
};
import story from "../display/text/story.js" with { type: "text" };
import storyListing from "../display/text/story_listing.js" with {
  type: "text",
};
import body from "./body.html" with { type: "text" };
import attemptNames from "./client/attempt_names.js" with { type: "text" };
import axis from "./client/axis.js" with { type: "text" };
import bins from "./client/bins.js" with { type: "text" };
import charts from "./client/charts.js" with { type: "text" };
import colors from "./client/colors.js" with { type: "text" };
import controls from "./client/controls.js" with { type: "text" };
import chosen from "./client/chosen.js" with { type: "text" };
import data from "./client/data.js" with { type: "text" };
import details from "./client/details.js" with { type: "text" };
import durations from "./client/durations.js" with { type: "text" };
import elements from "./client/elements.js" with { type: "text" };
import head from "./client/head.js" with { type: "text" };
import identity from "./client/identity.js" with { type: "text" };
import invitation from "./client/invitation.js" with { type: "text" };
import keyboard from "./client/keyboard.js" with { type: "text" };
import lanes from "./client/lanes.js" with { type: "text" };
import linked from "./client/linked.js" with { type: "text" };
import log from "./client/log.js" with { type: "text" };
import main from "./client/main.js" with { type: "text" };
import overview from "./client/overview.js" with { type: "text" };
import paint from "./client/paint.js" with { type: "text" };
import pointer from "./client/pointer.js" with { type: "text" };
import rows from "./client/rows.js" with { type: "text" };
import scene from "./client/scene.js" with { type: "text" };
import scroller from "./client/scroller.js" with { type: "text" };
import search from "./client/search.js" with { type: "text" };
import sections from "./client/sections.js" with { type: "text" };
import selection from "./client/selection.js" with { type: "text" };
import series from "./client/series.js" with { type: "text" };
import state from "./client/state.js" with { type: "text" };
import states from "./client/states.js" with { type: "text" };
import stream from "./client/stream.js" with { type: "text" };
import streamData from "./client/stream_data.js" with { type: "text" };
import timeline from "./client/timeline.js" with { type: "text" };
import headStyle from "./head.css" with { type: "text" };
import timeWindow from "./client/time_window.js" with { type: "text" };
import detailsStyle from "./details.css" with { type: "text" };
import streamStyle from "./stream.css" with { type: "text" };
import taskStates from "./client/task_states.js" with { type: "text" };
import unpack from "./client/unpack.js" with { type: "text" };
import stories from "./client/story.js" with { type: "text" };
import related from "./client/related.js" with { type: "text" };
import logChoices from "./client/log_choices.js" with { type: "text" };
import heldLines from "./client/held_lines.js" with { type: "text" };
import relations from "./client/relations.js" with { type: "text" };
import usualGaps from "./client/usual_gaps.js" with { type: "text" };
import style from "./style.css" with { type: "text" };

// A page on disk cannot import modules: they become functions in one script, in
// the order in which they need each other. Names that a module does not export
// stay its own.
const script: string = [
  plain,
  repeatedAccounts,
  entities,
  story,
  storyListing,
  elements,
  state,
  identity,
  unpack,
  rows,
  chosen,
  search,
  relations,
  usualGaps,
  stories,
  data,
  scroller,
  sections,
  head,
  timeline,
  taskStates,
  selection,
  streamData,
  attemptNames,
  axis,
  bins,
  colors,
  lanes,
  paint,
  scene,
  controls,
  pointer,
  timeWindow,
  overview,
  stream,
  charts,
  durations,
  states,
  series,
  linked,
  related,
  invitation,
  details,
  logChoices,
  heldLines,
  log,
  keyboard,
].map(asFunction).join("") + withoutImports(main);

function withoutImports(module: string): string {
  return module.replace(/^import [\s\S]*?;$/gm, "");
}

function asFunction(module: string): string {
  const exported = /^export (?:async )?(?:function\*?|const|class) (\w+)/gm;
  const names = Array.from(module.matchAll(exported), ([, name]) => name);
  const text = withoutImports(module).replace(/^export /gm, "");
  return `const { ${names} } = (() => {\n${text}\nreturn { ${names} };\n})();\n`;
}

/** d3 and Plot, which needs it, as scripts that define `d3` and `Plot`. */
const libraries: readonly string[] = await Promise.all(
  [
    ["d3", "d3.min.js"],
    ["@observablehq/plot", "plot.umd.min.js"],
  ].map(async ([name, file]): Promise<string> => {
    // Modules of packages are imported without permission to read them.
    const { href } = new URL(`../dist/${file}`, import.meta.resolve(name!));
    return (await import(href, { with: { type: "text" } })).default;
  }),
);

/** Parts of the page that this program has made. */
export interface PageParts {
  title: string;
  /** Markup. */
  summary: string;
  charts: readonly Chart[];
  /** What the page needs at once. */
  head: object;
  /** Packed by `PackedJson`, by name. */
  packed: Record<string, string>;
}

/**
 * The HTML of the explorer. Its data stands in script elements that browsers do
 * not run; only "<" could end these.
 */
export function explorerPage(
  { title, summary, charts, head, packed }: PageParts,
): string {
  const images = charts.map(({ svg, width, height, caption }) => {
    const data = new TextEncoder().encode(svg).toBase64();
    return `<img src="data:image/svg+xml;base64,${data}" ` +
      `width="${Math.round(width)}" height="${Math.round(height)}" ` +
      `alt="${escapeMarkup(caption)}">`;
  });
  const [first, before, after] = body.split(
    /<!-- (?:summary|charts) -->/,
  );
  const json = JSON.stringify(head).replaceAll("<", "\\u003c");
  const elements = [
    `<script type="application/json" id="head-data">${json}</script>`,
    ...Object.entries(packed).map(([name, base64]) =>
      `<script type="application/octet-stream" id="${name}-data">${base64}</script>`
    ),
    ...libraries.map((text) => `<script>${text}</script>`),
    `<script type="module">${script}</script>`,
  ];
  return page(
    title,
    `${first}${summary}${before}${images.join("\n")}${after}
${elements.join("\n")}`,
    {
      scripts: [...libraries, script],
      style: style + headStyle + streamStyle + detailsStyle,
    },
  );
}
