import defer * as modules from "node:module";
import { fileURLToPath } from "node:url";

/**
 * A module that is loaded, synchronously, when one of its members is first used.
 * `import defer` would read all modules of a package at once, and only evaluate
 * them later. Reading those of our packages takes as long as reading dnpc.
 *
 * Deno waits for the installation of a package only if there is a static import:
 * of its package.json, for instance.
 *
 * @param resolve returns the URL; called at the first use, when all is installed
 */
export function lazyModule<T extends object>(resolve: () => string): T {
  let loaded: T | undefined;
  const load = (): T => {
    const url = resolve();
    return modules.createRequire("/")(
      url.startsWith("file:") ? fileURLToPath(url) : url,
    );
  };
  // A function, because a module of CommonJS may be one.
  return new Proxy((() => {}) as unknown as T, {
    get: (_, name) => Reflect.get(loaded ??= load(), name),
    apply: (_, self, args) =>
      Reflect.apply((loaded ??= load()) as () => unknown, self, args),
  });
}
