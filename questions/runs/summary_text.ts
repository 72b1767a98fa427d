import { linesOf } from "../../display/text/table.ts";
import { escapeMarkup, visible } from "../../display/text/untrusted.ts";
import { widthOf } from "../../display/text/width.ts";
import type { Summary } from "./summary_schema.ts";
import {
  type Entry,
  firstSentence,
  type Limits,
  type Next,
  sectionsOf,
  shellWord,
  type SummaryOf,
} from "./summary_sections.ts";

/** A summary as text of at most a screen; see {@linkcode Summary}. */
export function summaryText(
  summary: Summary,
  { width = 80, ...given }: SummaryOf & {
    width?: number | undefined;
    data: string | undefined;
  },
): string {
  const render = (few: number, most: number) =>
    textOf(summary, { ...given, width, few, most });
  // A screen has some 40 lines: of many runs, fewer lines about each.
  for (const few of [6, 5, 4, 3, 2, 1]) {
    const lines = render(few, 12);
    if (lines.length <= 40) return lines.join("\n");
  }
  const room = [10, 8, 6].find((most) => render(1, most).length <= 40) ?? 4;
  return render(1, room).join("\n");
}

interface TextOptions extends Limits, SummaryOf {
  width: number;
  data: string | undefined;
}

function textOf(
  summary: Summary,
  { width, data, few, most, ...of }: TextOptions,
): string[] {
  const nextOf = (next: Next | undefined) =>
    next &&
    (data === undefined
      ? next[0]
      : `dnpc ${next[1].replace("DATA", () => shellWord(data))}`);
  const indented = (text: string, start: string) => {
    const [first = "", ...others] = linesOf(text, width - widthOf(start));
    const space = " ".repeat(widthOf(start));
    return [start + first, ...others.map((line) => space + line)];
  };
  return [
    ...linesOf(firstSentence(summary), width),
    ...sectionsOf(summary, { few, most }, of).flatMap((section) => {
      const names = section.entries.map(({ name }) => widthOf(visible(name)));
      const widest = Math.min(16, names.reduce((a, b) => Math.max(a, b), 0));
      const next = nextOf(section.next);
      const title = visible(section.title);
      const room = width - widthOf(title) - widthOf(next ?? "");
      return [
        "",
        ...next === undefined
          ? [title]
          : room > 2
          ? [title + " ".repeat(room) + visible(next)]
          : [title, ...indented(next, "    ")],
        ...section.entries.flatMap(({ name, text, next }) => {
          const start = name === ""
            ? "  "
            : `  ${visible(name).padEnd(widest)}  `;
          const more = nextOf(next);
          return widthOf(start) > width / 2
            ? [start, ...indented(text, "    ")]
            : [
              ...indented(text, start),
              ...more ? indented(more, " ".repeat(widthOf(start)) + "→ ") : [],
            ];
        }),
      ];
    }),
  ];
}

/** Attributes for a page that makes links of tasks. */
const dataOf = (named: Entry["task"]): string =>
  named?.task == null || named.run === null
    ? ""
    : ` data-run="${escapeMarkup(visible(named.run))}"` +
      ` data-task="${escapeMarkup(visible(named.task))}"`;

/** A summary as HTML, all text escaped. */
export function summaryHtml(
  summary: Summary,
  of: SummaryOf,
): string {
  const text = (it: string) => escapeMarkup(visible(it));
  const code = (next: Next | undefined) =>
    next ? ` <code>${text(next[0])}</code>` : "";
  const sections = sectionsOf(summary, { few: 6, most: 12 }, of).map((
    { title, next, entries },
  ) =>
    `<p style="margin:0.8em 0 0.2em"><b>${text(title)}</b>${code(next)}</p>` +
    '<ul style="margin:0;list-style:none;padding-left:1em">' +
    entries.map(({ name, text: line, task, next }) =>
      `<li${dataOf(task)}>` + (name ? `<b>${text(name)}</b> ` : "") +
      text(line) + code(next) +
      "</li>"
    ).join("\n") + "</ul>"
  );
  return '<div style="overflow-wrap:anywhere;max-width:110ch">' +
    `<p>${text(firstSentence(summary))}</p>${sections.join("\n")}</div>`;
}
