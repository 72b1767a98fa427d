import type { Panel, PanelRow } from "./plot_types.ts";

/** Facets that are drawn below each other; more are small, in a grid. */
export const maxInColumn = 12;

/** Facets of a grid; those with the fewest rows are not drawn. */
export const maxInGrid = 60;

/** Height of a plot in a grid, in pixels, with room for the labels of its axes. */
export const cellHeight = 148;

const minCellWidth = 170;

/** How many plots of a grid lie side by side. */
export const gridColumns = (width: number): number =>
  Math.max(2, Math.floor(width / minCellWidth));

/** Whether each facet is one plot that needs no more room than others. */
export const fitInGrid = (
  facets: readonly { height?: unknown; minWidth?: unknown; legend?: unknown }[],
  first: {
    panels: readonly Panel[][];
    legends?: readonly unknown[] | undefined;
  },
): boolean =>
  first.panels.length === 1 && first.panels[0]!.length === 1 &&
  !first.legends?.some(Boolean) &&
  facets.every(({ height, minWidth, legend }) =>
    height === undefined && minWidth === undefined && legend === undefined
  );

/** Rows of plots; the note says what their axes are. */
export function gridRows(
  plots: readonly Panel[],
  names: readonly string[],
  columns: number,
  note: string,
): PanelRow[] {
  const rows: PanelRow[] = [];
  for (let i = 0; i < plots.length; i += columns) {
    rows.push({
      ...i === 0 && { note },
      headings: names.slice(i, i + columns),
      plots: plots.slice(i, i + columns).map(cell),
    });
  }
  return rows;
}

/** "time since the start of each (s)" for "time since 2026-11-22 12:35 UTC (s)". */
function sinceOwnStart(label: string): string {
  const [since, unit] = [label.indexOf("since "), label.lastIndexOf(" (")];
  return since < 0 || unit < since
    ? label
    : `${label.slice(0, since)}since the start of each${label.slice(unit)}`;
}

/** The axes of a plot in words; `isOfAll` if those of other plots are the same. */
export function axesOf({ x, y }: Panel, isOfAll: boolean): string {
  const across = isOfAll ? x?.label : x?.label && sinceOwnStart(x.label);
  return [y?.label && `↑ ${y.label}`, across && `→ ${across}`]
    .filter(Boolean).join(", ");
}

/** The plot without labels of its axes, and without the room for them. */
function cell(plot: Panel): Panel {
  const { marginTop = 0, marginBottom = 0, height = cellHeight } = plot;
  const [above, below] = [Math.min(marginTop, 8), Math.min(marginBottom, 24)];
  return {
    ...plot,
    marginTop: above,
    marginBottom: below,
    height: height - (marginTop - above) - (marginBottom - below),
    x: { ...plot.x, label: null },
    y: { ...plot.y, label: null },
  };
}
