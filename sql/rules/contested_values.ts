import { addContradiction, type Findings, maxSides } from "./contradictions.ts";
import type { Leads } from "./leads.ts";
import { type Column, isImplied, type Rows } from "./rows.ts";
import type { ImpliesRule } from "./rules.ts";

/** An implication, and what the rows say about it. */
export interface Implication {
  findings: Findings<ImpliesRule>;
  left: Column[];
  right: Column[];
  /**
   * For each key of left values, a row that also has the right ones, preferably
   * from a source.
   */
  leads: Leads;
  /** Keys of left values that lead to several right ones, and imply nothing. */
  contradicted: Set<number>;
}

/** Rows by the key of their left values. */
export type Groups = Map<number, number[]>;

export const isComplete = (
  columns: readonly Column[],
  row: number,
): boolean => columns.every(({ values }) => values[row] !== 0);

export const differs = (
  columns: readonly Column[],
  a: number,
  b: number,
): boolean => columns.some(({ values }) => values[a] !== values[b]);

/** Notes the conflicts, whose left values imply nothing from now on. */
export function noteConflicts(
  rows: Rows,
  { findings, left, right, leads, contradicted }: Implication,
  conflicts: Groups,
): void {
  findings.contradicted += conflicts.size;
  for (const key of conflicts.keys()) {
    contradicted.add(key);
    leads.delete(key);
  }
  for (const group of rows.sorted(conflicts.values(), left)) {
    const sides = Map.groupBy(group, (row) => rows.key(right, row)).values();
    addContradiction(
      rows,
      findings,
      rows.sorted(sides, right).map((side) =>
        side.find((row) => !isImplied(right, row)) ?? side[0]!
      ),
    );
  }
}

/**
 * Where sources have one value and other rules implied different ones: groups
 * of a row with the former, and the rows with the latter.
 */
export function differentFromSources(
  { right }: Implication,
  conflicts: Groups,
): number[][] {
  return conflicts.values().flatMap((group) => {
    const [lead, ...others] = group.filter((row) => !isImplied(right, row));
    if (lead === undefined) return [];
    if (others.some((row) => differs(right, lead, row))) return [];
    const rows = group.filter((row) => differs(right, lead, row));
    return rows.every((row) => differsByImplied(right, lead, row))
      ? [[lead, ...rows]]
      : [];
  }).toArray();
}

/** Whether all values in which a row differs from another are implied. */
const differsByImplied = (
  columns: readonly Column[],
  lead: number,
  row: number,
): boolean =>
  columns.every(({ values, implied }) =>
    implied[row] === 1 || values[row] === 0 || values[row] === values[lead]
  );

/**
 * Groups of a lead and the rows that have some of the right values, and others
 * than the lead.
 */
export function partial(rows: Rows, implication: Implication): number[][] {
  const { left, right, leads } = implication;
  if (right.length === 1 || leads.size === 0) return [];
  const found = new Map<number, number[]>();
  for (let row = 0; row < rows.length; row++) {
    if (right.every(({ values }) => values[row] !== 0)) continue;
    const lead = leads.get(rows.key(left, row));
    const isDifferent = lead !== undefined &&
      right.some(({ values }) =>
        values[row] !== 0 && values[row] !== values[lead]
      );
    if (isDifferent) found.getOrInsert(lead, [lead]).push(row);
  }
  return [...found.values()];
}

/**
 * Contests the implied values of rows that differ from their lead only in
 * these. Returns whether there are any.
 */
export function contest(
  rows: Rows,
  implication: Implication,
  different: readonly number[][],
): boolean {
  const { right } = implication;
  const contested = different.map(([lead, ...others]) => [
    lead!,
    ...others.filter((row) =>
      isImplied(right, row) && differsByImplied(right, lead!, row)
    ),
  ]).filter((group) => group.length > 1);
  noteDifferent(rows, implication, contested);
  markContested(implication, contested);
  return contested.length > 0;
}

/** Rows get no value where they differ from their lead. */
export function markContested(
  { right }: Implication,
  different: readonly number[][],
): void {
  for (const [lead, ...others] of different) {
    for (const { values, contested } of right) {
      for (const row of others) {
        if (values[row] !== 0 && values[row] !== values[lead!]) {
          contested.add(row);
        }
      }
    }
  }
}

export function noteDifferent(
  rows: Rows,
  { findings, left }: Implication,
  different: readonly number[][],
): void {
  findings.contradicted += different.length;
  for (const group of rows.sorted(different, left)) {
    addContradiction(rows, findings, group.slice(0, maxSides + 1));
  }
}
