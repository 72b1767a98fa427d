import type { Database } from "dnpc/sql";
import type { OpenPage } from "../../tools/browser.ts";

// The work that workers received, by their own logs, and the app of its task by
// parsl.log.
export const work = `(
  SELECT span.id, min(time) AS start, max(time) AS "end",
    span.attributes ->> 'rundir' AS rundir,
    span.attributes ->> 'manager' AS manager,
    span.attributes ->> 'worker' AS worker,
    span.attributes ->> 'task' AS task,
    (SELECT attributes ->> 'app' FROM span AS task
      WHERE type = 'parsl.rundir.task'
        AND task.attributes ->> 'rundir' = span.attributes ->> 'rundir'
        AND task.attributes ->> 'task' = span.attributes ->> 'task') AS app
  FROM span JOIN event ON span_id = span.id
  WHERE span.type = 'parsl.executor.htex.worker.task'
  GROUP BY span.id
) AS work`;

export const countWork = (db: Database, condition = "1"): number =>
  db.query<{ n: number }>(
    `SELECT count(*) AS n FROM ${work} WHERE ${condition}`,
  )[0]!.n;

/** What the canvas says about itself, when all views show the state. */
export async function canvasData(
  { page }: OpenPage,
): Promise<Record<string, string>> {
  await page.waitForTimeout(300);
  return await page.evaluate(() =>
    new Promise<Record<string, string>>((resolve) =>
      // deno-lint-ignore no-explicit-any
      (globalThis as any).requestAnimationFrame(() =>
        setTimeout(() =>
          resolve({
            // deno-lint-ignore no-explicit-any
            ...(globalThis as any).document.querySelector("#stream canvas")
              .dataset,
          })
        )
      )
    )
  );
}

export const inView = async (page: OpenPage): Promise<number> =>
  Number((await canvasData(page)).visibleAttempts);

export async function windowOf(page: OpenPage): Promise<[number, number]> {
  const { from, until } = await canvasData(page);
  return [Number(from), Number(until)];
}

/** The number of attempts that a view beside the stream is about. */
export const countIn = async (
  { page }: OpenPage,
  view: string,
): Promise<number> =>
  Number(await page.locator(view).getAttribute("data-attempts"));

/** A point of the canvas, by shares of its size. */
export async function pointAt({ page }: OpenPage, x: number, y: number) {
  const box = (await page.locator("#stream canvas").boundingBox())!;
  return { x: box.x + x * box.width, y: box.y + y * box.height };
}

export const overlapping = ([from, until]: [number, number]) =>
  `start <= ${until} AND "end" >= ${from}`;
