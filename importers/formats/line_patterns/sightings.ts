import type { LogFormat } from "../format.ts";

/** What was seen where a time was looked for. */
export interface Sightings {
  /** The same format; what its lines begin with is looked at. */
  watch(path: string, format: LogFormat): LogFormat;
  /** Looks at no more lines. */
  end(): void;
  /** Why there may be no time in any of the files. */
  readonly problem: string | undefined;
}

/** Remembers why no time was found, to say so if there is none at all. */
export function lookingAt(time: RegExp): Sightings {
  let isOn = true;
  let isFormUnknown = false;
  let problem: string | undefined;
  const look = (path: string, text: string) => {
    const written = time.exec(text)?.groups?.time;
    if (written !== undefined && !isFormUnknown) {
      isFormUnknown = true;
      problem = `the time ${JSON.stringify(written)} in ${path} has a form ` +
        "that is not known: give seconds, a function that reads it";
    }
    problem ??= `time, ${time}, fits no line of ${path}: it has ` +
      JSON.stringify(text.slice(0, 200));
  };
  return {
    watch(path, format) {
      const { read, isDamaged } = format.beginning!;
      const beginning = {
        isDamaged,
        read(text: string, line: number, offset: number) {
          const record = read(text, line, offset);
          if (isOn && !record && text !== "") look(path, text);
          return record;
        },
      };
      return { ...format, beginning };
    },
    end: () => isOn = false,
    get problem() {
      return problem;
    },
  };
}
