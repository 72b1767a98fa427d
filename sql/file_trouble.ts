import { DatabaseError, messageOf } from "./errors.ts";

/**
 * What to do where SQLite cannot write to a file, or read it; undefined of an
 * error that is not about the file.
 *
 * @param words what SQLite said
 */
export function adviceOn(
  words: string,
  { readOnly }: { readOnly: boolean },
): string | undefined {
  const found = troubles.find(({ sign }) => sign.test(words));
  return readOnly ? found?.readOnly ?? found?.advice : found?.advice;
}

/** The message of whatever was thrown, without the file that it is about. */
export function reasonOf(thrown: unknown): string {
  const message = messageOf(thrown);
  return thrown instanceof DatabaseError && thrown.file !== undefined
    ? message.replace(`cannot use ${thrown.file}: `, "")
    : message;
}

const again = "then do the same again: what was whole before is kept";

const troubles: readonly {
  sign: RegExp;
  advice: string;
  /** If it was opened for reading alone. */
  readOnly?: string;
}[] = [
  {
    sign: /^database or disk is full/,
    advice: `Make room on its disk, or use a file on another, and ${again}`,
  },
  {
    sign: /^disk I\/O error/,
    advice: "Its disk is full or fails, or a limit on the size of files " +
      `(ulimit -f) is reached: make room, or use another file, and ${again}`,
  },
  {
    sign: /^database (?:table )?is locked/,
    advice: `Another program is using it: wait until that is done, ${again}`,
  },
  {
    sign: /^attempt to write a readonly database/,
    advice: "The file, its folder or its disk may not be written to: change " +
      "that, or use another file",
    readOnly: "It was opened with readOnly: open it without",
  },
  {
    sign: /^unable to open database file/,
    advice: "The file or its folder may not be read, or not be written to: " +
      "change that, or use another file",
  },
  {
    sign: /^(?:database disk image is malformed|file is not a database)/,
    advice: "It is damaged: use an earlier copy, or import into a new file",
  },
];
