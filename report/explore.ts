import { showAs } from "../display/notebook/jupyter.ts";
import { pngIfPossible } from "../display/notebook/png.ts";
import { writeWhole } from "../display/output.ts";
import { checkOptions } from "../display/text/mistakes.ts";
import { escapeMarkup } from "../display/text/untrusted.ts";
import { taskStream } from "../plots/mod.ts";
import { attempts } from "../questions/mod.ts";
import type { Database } from "../sql/mod.ts";
import { report, type ReportOptions } from "./report.ts";

/** Options of {@linkcode explore}. */
export interface ExploreOptions extends ReportOptions {
  /**
   * Maximum number of events, by default 50,000: the notebook keeps them with the
   * cell. {@linkcode report} writes all to a file.
   */
  maxEvents?: number;
  /** In pixels, by default 800. */
  height?: number;
}

/** The explorer of a database. A notebook cell that returns it displays it. */
export interface Explorer {
  /** The page, as {@linkcode report} creates it. */
  readonly html: string;
  /** Writes the page to a file. */
  save(path: string | URL): void;
}

/**
 * Shows everything in a database in a notebook cell, to point into: the summary,
 * the tasks of each worker over time, how long they took, how many were in each
 * state, what happened to each, and the lines of the logs. A selection in one
 * view filters all.
 *
 * It is the page that {@linkcode report} creates, in a frame, and looks the same
 * in a notebook that is opened later, without a kernel. JupyterLab shows frames
 * only if the notebook is trusted; one that is not shows a picture of the tasks
 * over time.
 *
 * @throws {RangeError} if `height` is not above 0, and as {@linkcode report}
 *
 * @example
 * ```ts
 * import { openDatabase } from "dnpc/sql";
 * import { importRuninfo } from "dnpc/importers";
 * import { explore } from "dnpc/report";
 * import assert from "node:assert/strict";
 *
 * using db = await openDatabase();
 * await importRuninfo(db, "tests/fixtures/tz/runinfo");
 *
 * const explorer = explore(db);
 * assert.match(explorer.html, /^<!doctype html>/);
 * // As the last line of a cell: the page.
 * explorer;
 * ```
 */
export function explore(
  db: Database,
  options: ExploreOptions = {},
): Explorer {
  checkOptions("explore", options, {
    run: true,
    height: true,
    maxEvents: true,
    title: true,
  });
  const { height = 800, maxEvents = 50_000, ...others } = options;
  if (!(height > 0)) {
    throw new RangeError(`height must be above 0, not ${height}`);
  }
  const html = report(db, { maxEvents, ...others });
  const stream = taskStream(attempts(db, { run: options.run }));
  const explorer: Explorer = {
    html,
    save: (path) => writeWhole(path, html),
  };
  return showAs(explorer, () => {
    const picture = pngIfPossible(() => stream.png());
    const { caption } = stream;
    return {
      "text/html": inFrame(html, height, picture["image/png"] ?? "", caption),
      ...picture,
      "text/plain": caption,
    };
  });
}

/**
 * A page in a frame, for a cell, and a picture for where only that is left:
 * JupyterLab removes frames and styles from notebooks that are not trusted, so
 * that the style that hides the picture is gone with the frame.
 *
 * The frame has no access to the notebook. Its color scheme becomes that of the
 * page.
 */
function inFrame(
  html: string,
  height: number,
  png: string,
  caption: string,
): string {
  const source = html.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const frame = ".dnpc-explorer > iframe";
  return `<div class="dnpc-explorer"><style>` +
    `.dnpc-explorer > img { display: none; }` +
    `${frame} { width: 100%; border: 0; color-scheme: light dark; }` +
    `[data-jp-theme-light=true] ${frame}, .vscode-light ${frame}` +
    `{ color-scheme: light; }` +
    `[data-jp-theme-light=false] ${frame}, .vscode-dark ${frame}` +
    `{ color-scheme: dark; }</style>` +
    `<iframe sandbox="allow-scripts" title="Explorer" height="${height}" ` +
    `srcdoc="${source}"></iframe>` +
    `<img src="data:image/png;base64,${png}" alt="${escapeMarkup(caption)}">` +
    `</div>`;
}
