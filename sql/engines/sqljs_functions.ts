import { aggregates, scalars } from "../functions/mod.ts";
import type { Aggregation, SqlArgument } from "../functions/values.ts";
import type { SqljsDatabase } from "./sqljs_api.ts";

/**
 * Registers all functions. Each name once: sql.js frees the first function when
 * a second one has its name and another number of arguments, and then crashes.
 */
export function registerFunctions(db: SqljsDatabase): void {
  for (const { name, arity, evaluate } of scalars) {
    const call = (...values: SqlArgument[]) => evaluate(...values);
    db.create_function(name, withLength(arity, call));
  }
  for (const { name, arity, create } of aggregates) {
    db.create_aggregate<Aggregation>(name, {
      init: create,
      step: withLength(arity + 1, (state: Aggregation, ...values) => {
        state.step(...values);
        return state;
      }),
      finalize: (state) => state.result(),
    });
  }
}

// sql.js tells SQLite the length of the function as its number of arguments,
// and to SQLite -1 is any number.
function withLength<F extends object>(length: number, work: F): F {
  return Object.defineProperty(work, "length", { value: length });
}
