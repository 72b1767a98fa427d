import { basename, dirname, isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { throwIfInterrupted } from "./interrupt.ts";

/** A new file or folder, which gets its name at commit(), when it is whole. */
interface Output extends Disposable {
  commit(): void;
  /** Without commit(), removes what was written. */
  [Symbol.dispose](): void;
}

interface OutputFile extends Output {
  write(bytes: Uint8Array): void;
}

interface OutputFolder extends Output {
  /** Adds to the end of a file in it; creates that and its folders. */
  append(file: string, bytes: Uint8Array): void;
}

/** Writes a file whose content is known, as {@linkcode beginFile} does. */
export function writeWhole(
  path: string | URL,
  content: string | Uint8Array,
): void {
  using file = beginFile(path);
  file.write(
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
  file.commit();
}

/**
 * Begins a file that replaces an old one only when it is whole: it is written
 * beside the old one, whose mode and owner it gets, and renamed. A link remains
 * one.
 *
 * Devices and pipes are written in place; so is a file in a folder that may not
 * be written to.
 *
 * @throws {Error} the error of the system, with a message that names the file
 */
export function beginFile(path: string | URL): OutputFile {
  const name = path instanceof URL ? fileURLToPath(path) : path;
  const { file, temporary, target = temporary } = naming(
    name,
    () => openBeside(name) ?? openInPlace(name),
  );
  let isOpen = true;
  let isWhole = false;
  const close = () => {
    if (isOpen) file.close();
    isOpen = false;
  };
  return {
    write(bytes) {
      throwIfInterrupted();
      naming(name, () => {
        for (let at = 0; at < bytes.length;) {
          at += file.writeSync(bytes.subarray(at));
        }
      });
    },
    commit: () =>
      naming(name, () => {
        if (temporary !== undefined) file.syncSync();
        close();
        if (temporary !== target) Deno.renameSync(temporary!, target!);
        isWhole = true;
      }),
    [Symbol.dispose]() {
      close();
      if (!isWhole) remove(temporary);
    },
  };
}

interface OpenFile {
  file: Deno.FsFile;
  /** The file to remove if it does not become whole. */
  temporary?: string;
  /** Its later name. */
  target?: string;
}

function openInPlace(name: string): OpenFile {
  try {
    const file = Deno.openSync(name, { write: true, createNew: true });
    return { file, temporary: name };
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    const options = { write: true, create: true, truncate: true };
    return { file: Deno.openSync(name, options) };
  }
}

/** Undefined if the file has to be written in place. */
function openBeside(name: string): OpenFile | undefined {
  if (!mayUse("read", name)) return undefined;
  const target = withoutLinks(name);
  if (target === undefined || !mayWriteBeside(target)) return undefined;
  const old = statOrNothing(target);
  // Renaming would also replace a file that may not be written to.
  if (old) Deno.openSync(target, { write: true }).close();
  const temporary = temporaryBeside(target);
  try {
    const mode = old ? 0o600 : 0o666;
    const options = { write: true, createNew: true, mode };
    const file = Deno.openSync(temporary, options);
    if (old) keepAttributes(temporary, old);
    return { file, temporary, target };
  } catch (error) {
    remove(temporary);
    if (error instanceof Deno.errors.PermissionDenied) return undefined;
    throw error;
  }
}

function keepAttributes(path: string, old: Deno.FileInfo): void {
  const { uid, gid } = Deno.statSync(path);
  if (old.uid !== uid || old.gid !== gid) {
    Deno.chownSync(path, old.uid, old.gid);
  }
  if (old.mode !== null) Deno.chmodSync(path, old.mode & 0o7777);
}

/**
 * The path of a file, which need not exist, behind all links; undefined for a
 * device or pipe.
 */
function withoutLinks(path: string, links = 0): string | undefined {
  // /dev/stdout is a link to a file that the shell has opened.
  if (/^\/(dev|proc)\//.test(path)) return undefined;
  const found = statOrNothing(path);
  if (found && !found.isFile && !found.isDirectory) return undefined;
  if (links > maxLinks || !statOrNothing(path, Deno.lstatSync)?.isSymlink) {
    return path;
  }
  const next = Deno.readLinkSync(path);
  const from = isAbsolute(next) ? "" : `${dirname(path)}/`;
  return withoutLinks(from + next, links + 1);
}

const maxLinks = 40;

/**
 * Begins a folder that gets its name when it is whole. An empty folder that
 * exists, and one where no other may be made, is filled in place.
 *
 * @param replaces whether it takes the place of a folder of this name; whoever
 * reads meanwhile may find neither of them for a moment
 * @throws {Deno.errors.AlreadyExists} if there is anything else, but for an empty
 * folder
 * @throws {Error} the error of the system, with a message that names the file
 */
export function beginFolder(path: string, replaces = false): OutputFolder {
  const name = path.replace(/(?<=^\/|[^/])\/+$/, "");
  const { place, temporary, target, isNew } = naming(
    name,
    () => replaces ? makeBeside(name) : makeFolder(name),
  );
  let isWhole = false;
  return {
    append(file, bytes) {
      throwIfInterrupted();
      naming(`${name}/${file}`, () => {
        const at = `${place}/${file}`;
        Deno.mkdirSync(dirname(at), { recursive: true });
        Deno.writeFileSync(at, bytes, { append: true });
      });
    },
    commit: () =>
      naming(name, () => {
        if (replaces) replaceFolder(target, temporary);
        else if (temporary !== target) Deno.renameSync(temporary, target);
        isWhole = true;
      }),
    [Symbol.dispose]() {
      if (isWhole) return;
      if (isNew) return remove(temporary);
      for (const entry of Deno.readDirSync(place)) {
        remove(`${place}/${entry.name}`);
      }
    },
  };
}

function makeFolder(name: string) {
  // The outermost folder that does not exist: the others come with it.
  let target = name;
  while (!mayExist(dirname(target))) target = dirname(target);
  const found = statOrNothing(name);
  const isNew = found === undefined;
  if (!isNew && !(found.isDirectory && isEmpty(name))) {
    throw new Deno.errors.AlreadyExists(
      "it exists and is not an empty directory. Give another name, or remove " +
        "it first",
    );
  }
  const temporary = isNew && mayWriteBeside(target)
    ? temporaryBeside(target)
    : target;
  const place = temporary + name.slice(target.length);
  Deno.mkdirSync(place, { recursive: true });
  return { place, temporary, target, isNew };
}

function makeBeside(target: string) {
  const temporary = temporaryBeside(target);
  Deno.mkdirSync(temporary, { recursive: true });
  return { place: temporary, temporary, target, isNew: true };
}

/** Other programs may replace it at the same time: the last one remains. */
function replaceFolder(target: string, by: string): void {
  for (let tries = 1;; tries++) {
    const old = temporaryBeside(target);
    try {
      if (statOrNothing(target)) Deno.renameSync(target, old);
      Deno.renameSync(by, target);
      return remove(old);
    } catch (error) {
      if (tries === maxTries || !statOrNothing(by)) throw error;
      // Another program's folder has the name by now.
      if (statOrNothing(target)) remove(old);
    }
  }
}

const maxTries = 100;

const isEmpty = (folder: string): boolean =>
  Deno.readDirSync(folder)[Symbol.iterator]().next().done === true;

/** Whether the folder exists, or its existence cannot be checked. */
const mayExist = (path: string): boolean =>
  !mayUse("read", path) || statOrNothing(path) !== undefined;

const temporaryBeside = (path: string): string =>
  `${dirname(path)}/.${basename(path).slice(0, 50)}.${crypto.randomUUID()}.tmp`;

const mayUse = (name: "read" | "write", path: string): boolean =>
  Deno.permissions.querySync({ name, path }).state === "granted";

function mayWriteBeside(path: string): boolean {
  const folder = dirname(path);
  return mayUse("read", folder) && mayUse("write", folder);
}

/**
 * Creates a folder that does not exist, and those around it.
 *
 * @returns removes it when disposed, if it is new and empty
 * @throws {Error} the error of the system, with a message that names the folder
 */
export function makeFolderIfMissing(path: string): Disposable {
  const isNew = statOrNothing(path) === undefined;
  naming(path, () => Deno.mkdirSync(path, { recursive: true }));
  return {
    [Symbol.dispose]() {
      if (isNew && statOrNothing(path) && isEmpty(path)) Deno.removeSync(path);
    },
  };
}

/** The file or folder at a path, or undefined. */
export function statOrNothing(
  path: string,
  stat: typeof Deno.statSync = Deno.statSync,
): Deno.FileInfo | undefined {
  try {
    return stat(path);
  } catch (error) {
    const isAbsent = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isAbsent) return undefined;
    throw error;
  }
}

function remove(path: string | undefined): void {
  try {
    if (path !== undefined) Deno.removeSync(path, { recursive: true });
  } catch {
    // It was never created.
  }
}

/** Names the file in system errors, which name a temporary file or no file. */
function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Error) {
      const reason = error.message.replace(/: \w+ '.*$/s, "");
      error.message = `cannot write ${path}: ${reason}`;
    }
    throw error;
  }
}
