import type { PageSpan, Spans } from "./spans.ts";

/**
 * The spans of one run alone: by its id or its directory, by the last part of
 * that, or by a part of these that no other run has.
 *
 * @throws {RangeError} where it is none or several, with those that there are
 */
export function onlyRun(spans: Spans, name: string): Spans {
  const run = runNamed(spans.all, name);
  const all = spans.all.filter(({ identity }) => identity.run === run);
  return {
    all,
    indexOf: new Map(all.map(({ id }, index) => [id, index])),
    isPart: true,
  };
}

function runNamed(spans: readonly PageSpan[], name: string): string {
  const names = new Map<string, Set<string>>();
  for (const { identity: { run }, rest } of spans) {
    if (run === undefined) continue;
    const known = names.get(run) ?? new Set([run]);
    if (typeof rest.rundir === "string") known.add(rest.rundir);
    names.set(run, known);
  }
  const ways: ((text: string) => boolean)[] = [
    (text) => text === name,
    (text) => text.endsWith(`/${name}`),
    (text) => text.includes(name),
  ];
  for (const fits of ways) {
    const found = [...names.keys()]
      .filter((run) => names.get(run)!.values().some(fits));
    if (found.length === 1) return found[0]!;
    if (found.length > 1) {
      throw new RangeError(
        `"${name}" may be any of ${found.length} runs: ${found.join(", ")}`,
      );
    }
  }
  const there = [...names.values()].map((known) => [...known].join(" in "));
  throw new RangeError(
    `there is no run "${name}": ` +
      (there.length ? `there is ${there.join("; ")}` : "nor any other"),
  );
}
