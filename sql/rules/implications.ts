import { addContradiction, type Findings, maxSides } from "./contradictions.ts";
import { type Column, isImplied, type Rows } from "./rows.ts";
import type { ImpliesRule } from "./rules.ts";

/** An implication at work. */
interface Plan {
  findings: Findings<ImpliesRule>;
  left: Column[];
  right: Column[];
  /**
   * For each key of left values, a row that also has the right ones, preferably
   * from a source.
   */
  leads: Map<number, number>;
  /** Keys of left values that lead to several right ones, and imply nothing. */
  contradicted: Set<number>;
  /** Leads, each with the rows that have some other right values. */
  different: readonly number[][];
}

/** Rows by the key of their left values. */
type Groups = Map<number, number[]>;

/**
 * Runs implications to a fixpoint.
 *
 * A contradiction may appear only after one of its values has implied others.
 * Everything implied is then removed, and the next attempt starts without the
 * contradicted values, so that they leave no trace. The same happens if two
 * rules lead to different values for one row: it gets neither, because taking
 * the first would be a guess. Values from sources stay as they are.
 */
export function imply(
  rows: Rows,
  findings: readonly Findings<ImpliesRule>[],
): void {
  // By text, so that the order of the rules makes no difference.
  const plans = findings.toSorted((a, b) => a.text < b.text ? -1 : 1)
    .map((findings): Plan => ({
      findings,
      left: rows.columnsOf(findings.rule.implies),
      right: rows.columnsOf(findings.rule.gives),
      leads: new Map(),
      contradicted: new Set(),
      different: [],
    }));
  while (!reachFixpoint(rows, plans)) rows.forgetImplied();
  for (const plan of plans) noteDifferent(rows, plan, plan.different);
}

/** False if an implied value turned out to be contradicted. */
function reachFixpoint(rows: Rows, plans: readonly Plan[]): boolean {
  const seen = new Set<Plan>();
  let waiting = new Set(plans);
  for (const { findings } of plans) findings.made = 0;
  while (waiting.size > 0) {
    const now = waiting;
    waiting = new Set();
    for (const plan of now) {
      const conflicts = learn(rows, plan);
      if (contest(rows, plan, differentFromSources(plan, conflicts))) {
        return false;
      }
      if (conflicts.size > 0) {
        noteConflicts(rows, plan, conflicts);
        if (seen.has(plan)) return false;
      }
      seen.add(plan);
      const made = apply(rows, plan);
      plan.findings.made += made;
      if (made === 0) continue;
      for (const other of plans) {
        const uses = [...other.left, ...other.right];
        if (other !== plan && uses.some((one) => plan.right.includes(one))) {
          waiting.add(other);
        }
      }
    }
  }
  for (const plan of plans) plan.different = partial(rows, plan);
  return !plans.some((plan) => contest(rows, plan, plan.different));
}

const differs = (columns: readonly Column[], a: number, b: number): boolean =>
  columns.some(({ values }) => values[a] !== values[b]);

/** Finds the leads; returns the rows of left values with new conflicts. */
function learn(rows: Rows, plan: Plan): Groups {
  const { left, right, leads, contradicted } = plan;
  const conflicts: Groups = new Map();
  leads.clear();
  if (![...left, ...right].every(({ isUsed }) => isUsed)) return conflicts;
  for (let row = 0; row < rows.length; row++) {
    if (right.some(({ values }) => values[row] === 0)) continue;
    const key = rows.key(left, row);
    if (key === 0 || contradicted.has(key)) continue;
    const lead = leads.get(key);
    if (lead === undefined) leads.set(key, row);
    else if (differs(right, lead, row)) conflicts.set(key, []);
    else if (isImplied(right, lead) && !isImplied(right, row)) {
      leads.set(key, row);
    }
  }
  for (let row = 0; conflicts.size > 0 && row < rows.length; row++) {
    if (right.some(({ values }) => values[row] === 0)) continue;
    conflicts.get(rows.key(left, row))?.push(row);
  }
  return conflicts;
}

/** Adds the right values to rows that lack them; returns their number. */
function apply(rows: Rows, { left, right, leads }: Plan): number {
  if (leads.size === 0) return 0;
  let made = 0;
  for (let row = 0; row < rows.length; row++) {
    if (right.every(({ values }) => values[row] !== 0)) continue;
    const lead = leads.get(rows.key(left, row));
    const fits = lead !== undefined &&
      right.every(({ values, contested }) =>
        (values[row] === 0 || values[row] === values[lead]) &&
        !contested.has(row)
      );
    if (!fits) continue;
    made++;
    for (const { values, implied } of right) {
      if (values[row] !== 0) continue;
      values[row] = values[lead]!;
      implied[row] = 1;
    }
  }
  return made;
}

/** Notes the conflicts, whose left values imply nothing from now on. */
function noteConflicts(
  rows: Rows,
  { findings, left, right, leads, contradicted }: Plan,
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
function differentFromSources({ right }: Plan, conflicts: Groups): number[][] {
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
function partial(rows: Rows, plan: Plan): number[][] {
  const { left, right, leads } = plan;
  if (right.length === 1) return [];
  learn(rows, plan);
  if (leads.size === 0) return [];
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
function contest(
  rows: Rows,
  plan: Plan,
  different: readonly number[][],
): boolean {
  const { right } = plan;
  const contested = different.map(([lead, ...others]) => [
    lead!,
    ...others.filter((row) =>
      isImplied(right, row) && differsByImplied(right, lead!, row)
    ),
  ]).filter((group) => group.length > 1);
  noteDifferent(rows, plan, contested);
  for (const [lead, ...others] of contested) {
    for (const { values, contested } of right) {
      for (const row of others) {
        if (values[row] !== 0 && values[row] !== values[lead!]) {
          contested.add(row);
        }
      }
    }
  }
  return contested.length > 0;
}

function noteDifferent(
  rows: Rows,
  { findings, left }: Plan,
  different: readonly number[][],
): void {
  findings.contradicted += different.length;
  for (const group of rows.sorted(different, left)) {
    addContradiction(rows, findings, group.slice(0, maxSides + 1));
  }
}
