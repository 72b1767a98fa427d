import { listingText } from "../display/text/listing.ts";
import { optionsOf } from "../display/text/rows.ts";
import { escapeMarkup } from "../display/text/untrusted.ts";
import { findRun, runs, story } from "../questions/mod.ts";
import { type Database, sql } from "../sql/mod.ts";
import type { Entity } from "./entities.ts";
import { idsQuery, type Spans } from "./spans.ts";
import storiesText from "./stories.sql" with { type: "text" };

/** Characters in a line: as wide as a page on most screens. */
const width = 120;
const maxEntries = 400;

/**
 * The stories of some tasks as HTML, folded: of one for each frequent exception,
 * and of the longest. The texts are those of `story` in a terminal.
 */
export function storiesHtml(
  db: Database,
  spans: Spans,
  longest: readonly Entity[],
): string {
  const failed = db.query<{ run: string; task: string }>(
    sql.module(storiesText, { ids: idsQuery(spans.ids) }),
  );
  const named = new Set(runs(db).map(({ run }) => run));
  const wanted = [
    ...failed,
    ...longest.slice(0, 1).map((task) => {
      // Spans may name a run of which nothing else is known.
      const { run, rundir } = named.has(task.run)
        ? findRun(db, task.run)
        : { run: task.run, rundir: null };
      return { run: run ?? rundir!, task: task.identity.task! };
    }),
  ];
  if (wanted.length === 0) return "";
  const events = story(
    db,
    sql`SELECT span.id
      FROM span JOIN span_kind USING (type)
        JOIN json_each(${JSON.stringify(wanted)}) AS wanted
          ON wanted.value ->> 'task' = attributes ->> 'task'
          AND wanted.value ->> 'run' IN
            (attributes ->> 'run', attributes ->> 'rundir')
      WHERE role = 'task'`,
  );
  const { listing } = optionsOf(events) ?? {};
  const { sections } = listing?.(events as never[], maxEntries) ??
    { sections: [] };
  return sections.map((section) => {
    const summary = [section.heading, section.lines[0]].join(": ");
    const text = listingText({ sections: [section] }, width);
    return `<details class="story"><summary>${
      escapeMarkup(summary)
    }</summary>` +
      `<pre>${escapeMarkup(text)}</pre></details>`;
  }).join("\n");
}
