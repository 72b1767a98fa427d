import { relative } from "node:path";
import { checkout } from "./checkout.ts";

/** Functions that take any number of arguments, but not 150,000. */
const variadic = new Set([
  "append",
  "concat",
  "fromCharCode",
  "fromCodePoint",
  "max",
  "min",
  "push",
  "replaceChildren",
  "splice",
  "unshift",
]);

const noSpreadArguments: Deno.lint.Rule = {
  create: (context) => ({
    CallExpression(node) {
      const { callee, arguments: given } = node;
      const spread = given.find(({ type }) => type === "SpreadElement");
      const isVariadic = callee.type === "MemberExpression" &&
        callee.property.type === "Identifier" &&
        variadic.has(callee.property.name);
      if (!spread || !isVariadic || isOutsideLibrary(context.filename)) return;
      context.report({
        node: spread,
        message: "A large array overflows the stack as arguments",
        hint: "Loop over it, or use d3's min() and max()",
      });
    },
  }),
};

const isOutsideLibrary = (path: string): boolean =>
  /^(?:bench|examples|tests|tools)\b/.test(relative(checkout, path));

/** Rules of this package for `deno lint`. */
const plugin: Deno.lint.Plugin = {
  name: "dnpc",
  rules: { "no-spread-arguments": noSpreadArguments },
};

export default plugin;
