// Prints, as JSON, the source and flags of each regular expression that this
// package builds at run time, while it imports fixtures.

import { join } from "node:path";
import { checkout, inCheckout } from "../tools/checkout.ts";

const built = new Map<string, [source: string, flags: string]>();

globalThis.RegExp = new Proxy(RegExp, {
  construct(target, args, newTarget) {
    const pattern: RegExp = Reflect.construct(target, args, newTarget);
    const [, , caller = ""] = new Error().stack!.split("\n");
    if (caller.includes(`file://${checkout}`)) {
      built.set(String(pattern), [pattern.source, pattern.flags]);
    }
    return pattern;
  },
});

const { importCloudWatch, importRuninfo, openDatabase } = await import("dnpc");
using db = await openDatabase();
const fixtures = inCheckout("tests", "fixtures");
// Half of all patterns would be of these, and have the forms of the others: all
// are made of the templates of messages.
const others = ["experiments", "workers"];
for (const { name, isFile } of Deno.readDirSync(fixtures)) {
  if (others.includes(name) || (isFile && !name.endsWith(".gz"))) continue;
  await importRuninfo(db, join(fixtures, name));
}
await importCloudWatch(db, join(fixtures, "cloudwatch"));
console.log(JSON.stringify([...built.values()]));
