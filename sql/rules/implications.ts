import {
  contest,
  differentFromSources,
  differs,
  type Groups,
  type Implication,
  isComplete,
  markContested,
  noteConflicts,
  noteDifferent,
  partial,
} from "./contested_values.ts";
import type { Findings } from "./contradictions.ts";
import { Leads } from "./leads.ts";
import { type Column, isImplied, type Rows } from "./rows.ts";
import type { ImpliesRule } from "./rules.ts";

/** An implication at work. */
interface Plan extends Implication {
  /** The plans that use what this one implies. */
  dependents: Plan[];
  /** Leads, each with the rows that have some other right values. */
  different: readonly number[][];
  /** How often it was applied in this attempt. */
  turns: number;
  /** Rows that got values since the last turn, if the next one is about them. */
  changed: number[];
  /** All rows by their left values, if they are not scanned any more. */
  byLeft: Groups | undefined;
}

/** How an attempt differs from the first ones. */
interface Attempt {
  /** Whether to go on after a contradiction, instead of starting again. */
  isPatient: boolean;
  /** The values that rows may get, if not any. */
  allowed: ReadonlyMap<Column, Int32Array> | undefined;
}

/**
 * There can be as many contradictions as rows, each of which shows only without
 * those before it. After so many attempts, one goes on to find all that follow,
 * and the last implies only what this one implied, where no other can be.
 */
const maxAttempts = 16;

/**
 * Most plans have few turns, and a scan takes less time than an index. In a
 * chain of rows that imply one another there are as many turns as rows.
 */
const maxScans = 3;

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
      dependents: [],
      contradicted: new Set(),
      different: [],
      leads: new Leads(),
      turns: 0,
      changed: [],
      byLeft: undefined,
    }));
  for (const plan of plans) {
    plan.dependents = plans.filter((other) =>
      other !== plan &&
      [...other.left, ...other.right].some((one) => plan.right.includes(one))
    );
  }
  const attempt: Attempt = { isPatient: false, allowed: undefined };
  for (let count = 1; !reachFixpoint(rows, plans, attempt); count++) {
    if (attempt.isPatient) {
      attempt.allowed = new Map(
        rows.given.map((column) => [column, column.values.slice()]),
      );
    }
    attempt.isPatient = count >= maxAttempts;
    rows.forgetImplied();
  }
  for (const plan of plans) noteDifferent(rows, plan, plan.different);
}

/** False if an implied value turned out to be contradicted. */
function reachFixpoint(
  rows: Rows,
  plans: readonly Plan[],
  attempt: Attempt,
): boolean {
  const { isPatient } = attempt;
  for (const plan of plans) {
    plan.findings.made = 0;
    plan.leads.clear();
    plan.turns = 0;
    plan.changed = [];
    plan.byLeft = undefined;
  }
  let isClean = true;
  let waiting = new Set(plans);
  while (waiting.size > 0) {
    const now = waiting;
    waiting = new Set();
    for (const plan of now) {
      const concerned = startTurn(rows, plan);
      const { keys, conflicts } = learn(rows, plan, concerned);
      const torn = differentFromSources(plan, conflicts);
      if (torn.length > 0 && !isPatient) {
        contest(rows, plan, torn);
        return false;
      }
      noteConflicts(rows, plan, conflicts);
      markContested(plan, torn);
      if (conflicts.size > 0 && (plan.turns > 1 || torn.length > 0)) {
        if (!isPatient) return false;
        isClean = false;
      }
      const made = apply(rows, plan, keys, concerned, attempt);
      plan.findings.made += made;
      if (made > 0) { for (const other of plan.dependents) waiting.add(other); }
    }
  }
  for (const plan of plans) plan.different = partial(rows, plan);
  for (const plan of plans) {
    if (!contest(rows, plan, plan.different)) continue;
    if (!isPatient) return false;
    isClean = false;
  }
  return isClean;
}

/** The rows that a turn is about: those that changed, or undefined for all. */
function startTurn(rows: Rows, plan: Plan): readonly number[] | undefined {
  const { left, changed } = plan;
  if (++plan.turns <= maxScans) return undefined;
  plan.changed = [];
  if (plan.byLeft === undefined) plan.byLeft = rows.groups(left);
  else {
    // A row may be there twice.
    for (const row of changed) {
      const key = rows.key(left, row);
      if (key !== 0) plan.byLeft.getOrInsertComputed(key, () => []).push(row);
    }
  }
  return changed;
}

/**
 * Finds leads among the rows; returns the rows of keys with new conflicts and,
 * unless all rows are scanned, the keys that had no lead before.
 */
function learn(
  rows: Rows,
  plan: Plan,
  concerned: Iterable<number> = rows.rows(),
): { keys: number[]; conflicts: Groups } {
  const { left, right, leads, contradicted, byLeft } = plan;
  const keys: number[] = [];
  const conflicts: Groups = new Map();
  if (![...left, ...right].every(({ isUsed }) => isUsed)) {
    return { keys, conflicts };
  }
  for (const row of concerned) {
    if (!isComplete(right, row)) continue;
    const key = rows.key(left, row);
    if (key === 0 || contradicted.has(key)) continue;
    const lead = leads.get(key);
    if (lead === undefined) {
      leads.set(key, row);
      if (byLeft) keys.push(key);
    } else if (differs(right, lead, row)) conflicts.set(key, []);
    else if (isBetter(right, row, lead)) leads.set(key, row);
  }
  if (conflicts.size > 0) {
    const all = byLeft
      ? new Set(
        conflicts.keys().flatMap((key) => byLeft.get(key)!).toArray()
          .sort((a, b) => a - b),
      )
      : rows.rows();
    for (const row of all) {
      if (!isComplete(right, row)) continue;
      conflicts.get(rows.key(left, row))?.push(row);
    }
  }
  return { keys, conflicts };
}

/** Whether a row is the better lead: from a source, or else earlier. */
function isBetter(
  columns: readonly Column[],
  row: number,
  lead: number,
): boolean {
  const isDerived = isImplied(columns, row);
  return isDerived === isImplied(columns, lead) ? row < lead : !isDerived;
}

/**
 * Adds the right values to rows that lack them, among some rows and those with
 * some keys; returns their number.
 */
function apply(
  rows: Rows,
  plan: Plan,
  keys: readonly number[],
  concerned: readonly number[] | undefined,
  { allowed }: Attempt,
): number {
  const { left, right, leads, byLeft, dependents } = plan;
  if (leads.size === 0) return 0;
  const all = concerned
    ? [concerned, ...keys.map((key) => byLeft!.get(key)!)].flat()
    : rows.rows();
  let made = 0;
  for (const row of all) {
    if (isComplete(right, row)) continue;
    const lead = leads.get(rows.key(left, row));
    const fits = lead !== undefined &&
      right.every((column) => {
        const { values, contested } = column;
        const value = values[lead]!;
        return (values[row] === 0 || values[row] === value) &&
          (allowed === undefined || allowed.get(column)![row] === value) &&
          !contested.has(row);
      });
    if (!fits) continue;
    made++;
    for (const { values, implied } of right) {
      if (values[row] !== 0) continue;
      values[row] = values[lead]!;
      implied[row] = 1;
    }
    for (const other of dependents) {
      if (other.turns >= maxScans) other.changed.push(row);
    }
  }
  return made;
}
