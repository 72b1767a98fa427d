import { importRuninfo } from "dnpc/importers";
import { inCheckout } from "../../tools/checkout.ts";
import { keptImport } from "../importers/kept_imports.ts";

/** The tarball of five repeated runs; see the README of the experiments. */
export const repeatedRuns = (set: string): string =>
  inCheckout("tests", "fixtures", "experiments", "repeated", `${set}.tar.gz`);

/** A database of four sets of them, each with the attribute `set`. */
export async function repeatedSets(): Promise<string> {
  const { path } = await keptImport("repeated runs", async (db) => {
    for (const set of ["2026", "again", "slower", "2023"]) {
      await importRuninfo(db, repeatedRuns(set), { attributes: { set } });
    }
    return null;
  });
  return path;
}
