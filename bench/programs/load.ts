// Loads one door, and prints the milliseconds.
const [name = ""] = Deno.args;
const start = performance.now();
if (name === "dnpc/sql") await import("dnpc/sql");
else if (name === "dnpc/importers") await import("dnpc/importers");
else if (name === "dnpc/plots") await import("dnpc/plots");
else if (name === "dnpc") await import("dnpc");
console.log(JSON.stringify({ loading: performance.now() - start }));
