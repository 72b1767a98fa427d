import type {
  Comment,
  Declaration,
  Method,
  Property,
  PublicName,
  Signature,
  Type,
} from "./declarations.ts";
import type { Context } from "./context.ts";
import { link, withLinks } from "./links.ts";
import { parametersOf, typeParametersText, typeText } from "./type_text.ts";

/** Many charts take them: to name them is clearer than to repeat them. */
const repeated = new Set(["HelperOptions", "ChartOptions", "ImportOptions"]);

/** The members of an interface or a class: a table, or a list of methods. */
export function memberLines(
  { kind, def }: Declaration,
  context: Context,
): string[] {
  if (kind !== "interface" && kind !== "class") return [];
  const { own, others } = withInherited(def, context.names);
  const methods = (def.methods ?? []).filter(({ name }) => name[0] !== "[");
  const calls = def.callSignatures ?? [];
  return [
    ...own.length > 0 ? ["", ...table(own, context)] : [],
    ...others.length > 0
      ? [
        "",
        `And all of ${
          others.map((other) => nameOf(other, context)).join(" and ")
        }.`,
      ]
      : [],
    ...calls.length + methods.length > 0 ? [""] : [],
    ...calls.map((call) =>
      method("", { ...call, returnType: call.tsType! }, call.jsDoc, context)
    ),
    ...methods.map((found: Method) =>
      method(found.name, found.functionDef ?? found, found.jsDoc, context)
    ),
  ];
}

/** The properties of a type, and of those that it extends; and what is left. */
function withInherited(
  def: Declaration["def"],
  names: ReadonlyMap<string, PublicName>,
): { own: Property[]; others: Type[] } {
  const own = new Map(
    (def.properties ?? []).filter(({ name }) => name[0] !== "[")
      .map((property) => [property.name, property]),
  );
  const others: Type[] = [];
  for (const type of typeof def.extends === "object" ? def.extends : []) {
    const { name, only } = chosen(type);
    const declared = names.get(name)?.declarations[0];
    if (declared?.kind !== "interface" || repeated.has(name)) {
      others.push(type);
      continue;
    }
    const inherited = withInherited(declared.def, names);
    for (const property of inherited.own) {
      if (own.has(property.name) || only?.has(property.name) === false) {
        continue;
      }
      own.set(property.name, property);
    }
    if (only === undefined) others.push(...inherited.others);
  }
  const told = new Map(others.map((type) => [typeText(type), type]));
  return { own: [...own.values()], others: [...told.values()] };
}

/** The name of a type, and of a Pick of it the names of what is picked. */
function chosen({ value }: Type): { name: string; only?: Set<string> } {
  const [of, picked]: Type[] = value.typeParams ?? [];
  if (value.typeName !== "Pick") return { name: of ? "" : value.typeName };
  const names: Type[] = picked!.kind === "union" ? picked!.value : [picked];
  return {
    name: of!.value.typeName,
    only: new Set(names.map(({ repr }) => repr!)),
  };
}

function table(properties: Property[], { page, places }: Context): string[] {
  return [
    "| name | type | what it is |",
    "| --- | --- | --- |",
    ...properties.map(({ name, optional, tsType, jsDoc }) => {
      const type = tsType ? typeText(tsType) : "unknown";
      const shown = optional ? type.replace(/ \| undefined$/, "") : type;
      const cells = [
        `\`${name}${optional ? "?" : ""}\``,
        `\`${shown}\``,
        withLinks(jsDoc?.doc ?? "", page, places),
      ];
      return `| ${cells.map(cell).join(" | ")} |`;
    }),
  ];
}

function cell(text: string): string {
  return text.replace(/\n\n+/g, "<br>").replaceAll("\n", " ")
    .replaceAll("|", "\\|");
}

function method(
  name: string,
  signature: Signature,
  comment: Comment | undefined,
  { page, places }: Context,
): string {
  const returned = signature.returnType
    ? typeText(signature.returnType)
    : "void";
  const text = withLinks(comment?.doc ?? "", page, places)
    .replaceAll("\n", "\n  ").replace(/^ +$/gm, "");
  return `- \`${name}${typeParametersText(signature)}(${
    parametersOf(signature).join(", ")
  }): ${returned}\`\\\n  ${text}`;
}

function nameOf(type: Type, { page, places }: Context): string {
  const name: string = type.value?.typeName;
  return type.value?.typeParams
    ? `\`${typeText(type)}\``
    : link(name, page, places);
}
