/**
 * Other words for the same: by the name of an attribute another name for it, or
 * an object that has, for values of it, other values.
 * `{ task_id: "task", host: { vm: "login1" } }`
 */
export type Labels = Readonly<
  Record<string, string | Readonly<Record<string, string>>>
>;

/** A relabelling as text, as contradictions name it. */
export function relabelText(from: string, to: string): string {
  return `relabel: ${from} => ${to}`;
}

/** @throws {TypeError} for what are no labels, or such as depend on their order */
export function checkLabels(labels: Labels): void {
  for (const [name, label] of Object.entries(labels)) {
    if (typeof label !== "string") {
      const isMap = typeof label === "object" && label !== null &&
        Object.values(label).every((value) => typeof value === "string");
      if (isMap) continue;
      throw new TypeError(
        `a label is another name, or { value: "other value" }, not ` +
          `${JSON.stringify(label)} for ${name}`,
      );
    }
    if (!Object.hasOwn(labels, label)) continue;
    throw new TypeError(
      `${name} cannot become ${label}, which is relabelled itself: ` +
        "relabel that one first, in a call of its own",
    );
  }
}
