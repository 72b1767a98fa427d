// Deno installs what is imported; Plot exports no smaller file.
import "@observablehq/plot" with { type: "text" };
import { lazyModule } from "../../display/lazy_module.ts";

/** Observable Plot. */
export const Plot = lazyModule<typeof import("@observablehq/plot")>(
  () => import.meta.resolve("@observablehq/plot"),
);
