import type { Parameter, Signature, Type } from "./declarations.ts";

/** A type as TypeScript writes it. */
export function typeText(type: Type): string {
  const { kind, value } = type;
  switch (kind) {
    case "keyword":
      return value;
    case "literal":
      return literalText(type);
    case "typeRef":
      return value.typeName + typeArguments(value.typeParams);
    case "array":
      return `${grouped(value)}[]`;
    case "tuple":
      return `[${value.map(typeText).join(", ")}]`;
    case "union":
      return value.map(typeText).join(" | ");
    case "intersection":
      return value.map(typeText).join(" & ");
    case "typeOperator":
      return `${value.operator} ${typeText(value.tsType)}`;
    case "parenthesized":
      return `(${typeText(value)})`;
    case "fnOrConstructor":
      return `(${parametersOf(value).join(", ")}) => ${typeText(value.tsType)}`;
    case "typeLiteral":
      return literalMembers(value);
    case "indexedAccess":
      return `${typeText(value.objType)}[${typeText(value.indexType)}]`;
    case "typeQuery":
      return `typeof ${value}`;
    case "rest":
      return `...${typeText(value)}`;
    case "optional":
      return `${typeText(value)}?`;
  }
  throw new Error(`No words for a type of the kind ${kind}`);
}

/** The parameters of a function, one text each. */
export function parametersOf({ params = [] }: Signature): string[] {
  return params.map(parameterText);
}

/** `<T extends object = Row>`, or nothing. */
export function typeParametersText({ typeParams = [] }: Signature): string {
  if (typeParams.length === 0) return "";
  const texts = typeParams.map(({ name, constraint, default: usual }) =>
    name + (constraint ? ` extends ${typeText(constraint)}` : "") +
    (usual ? ` = ${typeText(usual)}` : "")
  );
  return `<${texts.join(", ")}>`;
}

function parameterText(parameter: Parameter): string {
  const { kind, left, arg, tsType } = parameter;
  const type = tsType ?? left?.tsType ?? arg?.tsType;
  const typed = type ? `: ${typeText(type)}` : "";
  if (kind === "rest") return `...${arg!.name}${typed}`;
  // With a default, or taken apart as it comes in: neither is the caller's.
  const isOptional = kind === "assign" || parameter.optional;
  const name = (left ?? parameter).name ?? "options";
  return `${name}${isOptional ? "?" : ""}${typed}`;
}

function literalText({ repr, value }: Type): string {
  if (value.kind === "string") return JSON.stringify(value.string);
  if (value.kind !== "template") return repr!;
  const parts = value.tsTypes.map((part: Type) =>
    part.kind === "literal" ? part.repr : `\${${typeText(part)}}`
  );
  return `\`${parts.join("")}\``;
}

interface Members {
  properties?: { name: string; optional?: boolean; tsType?: Type }[];
  indexSignatures?: { params: Parameter[]; tsType: Type }[];
}

function literalMembers(
  { properties = [], indexSignatures = [] }: Members,
): string {
  const texts = [
    ...properties.map(({ name, optional, tsType }) =>
      `${name}${optional ? "?" : ""}: ${tsType ? typeText(tsType) : "unknown"}`
    ),
    ...indexSignatures.map(({ params, tsType }) =>
      `[${params.map(parameterText).join(", ")}]: ${typeText(tsType)}`
    ),
  ];
  return `{ ${texts.join("; ")} }`;
}

function typeArguments(given: Type[] | undefined): string {
  return given?.length ? `<${given.map(typeText).join(", ")}>` : "";
}

/** In parentheses where brackets behind it would else take a part of it. */
function grouped(type: Type): string {
  const isLoose = ["union", "intersection", "typeOperator", "fnOrConstructor"]
    .includes(type.kind);
  return isLoose ? `(${typeText(type)})` : typeText(type);
}
