// Prints, as JSON, the source and flags of each regular expression that this
// package builds at run time, while it imports the fixtures.

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
await importRuninfo(db, inCheckout("tests", "fixtures"));
await importCloudWatch(db, inCheckout("tests", "fixtures", "cloudwatch"));
console.log(JSON.stringify([...built.values()]));
