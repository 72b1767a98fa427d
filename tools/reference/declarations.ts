import { checkout } from "../checkout.ts";

/** What `deno doc --json` says of a public name: as much of it as is used. */
export interface PublicName {
  name: string;
  declarations: Declaration[];
}

/** One declaration of a name: an overloaded function has several. */
export interface Declaration {
  kind: "class" | "function" | "interface" | "typeAlias" | "variable";
  location: { filename: string };
  jsDoc?: Comment;
  def: Definition;
}

/** A doc comment. */
export interface Comment {
  doc?: string;
  tags?: Tag[];
}

/** A tag of a doc comment: "param", "return", "throws", "example". */
export interface Tag {
  kind: string;
  name?: string;
  doc?: string;
  tsType?: Type;
}

/** What is declared: a function's signature, or the members of a type. */
export interface Definition extends Signature {
  /** Of an interface its types, of a class a name. */
  extends?: Type[] | string;
  properties?: Property[];
  methods?: Method[];
  callSignatures?: (Signature & { jsDoc?: Comment })[];
  hasBody?: boolean;
}

/** What goes in and what comes out. */
export interface Signature {
  params?: Parameter[];
  returnType?: Type;
  /** The type of a variable or an alias; what a call signature returns. */
  tsType?: Type;
  typeParams?: { name: string; constraint?: Type; default?: Type }[];
}

/** A property of an interface or a class. */
export interface Property {
  name: string;
  jsDoc?: Comment;
  optional?: boolean;
  readonly?: boolean;
  tsType?: Type;
}

/** A method; that of a class has its signature one level deeper. */
export interface Method extends Signature {
  name: string;
  jsDoc?: Comment;
  functionDef?: Signature;
}

/** A parameter, as a pattern: "identifier", "assign", "rest", "object". */
export interface Parameter {
  kind: string;
  name?: string;
  optional?: boolean;
  tsType?: Type;
  left?: Parameter;
  arg?: Parameter;
}

/** A type, as a tree; what `value` is depends on its kind. */
export interface Type {
  kind: string;
  repr?: string;
  // deno-lint-ignore no-explicit-any
  value?: any;
}

/** All that the doors export, by door: "sql", "importers", ... */
export async function publicNames(
  doors: readonly string[],
): Promise<Map<string, PublicName[]>> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", ...doors.map((door) => `${door}/mod.ts`)],
    cwd: checkout,
    env: { NO_COLOR: "1" },
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { version, nodes } = JSON.parse(new TextDecoder().decode(stdout));
  if (version !== 2) {
    throw new Error(`deno doc --json is of version 2, not ${version}`);
  }
  const found = new Map<string, PublicName[]>();
  for (const [file, { symbols }] of Object.entries<Module>(nodes)) {
    found.set(file.split("/").at(-2)!, symbols);
  }
  return found;
}

interface Module {
  symbols: PublicName[];
}
