import { pairsIn, valuesOf } from "./pairs.ts";

const field = (name: string) => String.raw`(?:-|(?<${name}>\S+))`;

// <34>1 2003-10-11T22:14:15.003Z host su - ID47 -
const rfc5424 = String.raw`1 (?<time>\d{4}-\S+) ${field("host")} ` +
  String.raw`${field("logger")} ${field("process")} ${field("id")}` +
  String.raw`(?: -(?= |$))? ?\ufeff?`;

// Oct 11 22:14:15 host su[7]:
const rfc3164 = String
  .raw`(?<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?|\d{4}-\d\d-\d\dT\S+) (?<host>\S+) (?:(?<logger>[^\s:[\]]+)(?:\[(?<process>[^\s[\]]+)\])?: ?)?`;

/**
 * The beginning of a line of syslog by RFC 5424 or RFC 3164, which most files
 * follow: with or without the priority, with or without the year.
 */
export const syslogBeginning = new RegExp(
  String.raw`^(?:<(?<priority>\d{1,3})>)?(?:${rfc5424}|${rfc3164})`,
);

// [exampleSDID@32473 iut="3" eventSource="Application"]
const structuredData =
  /^(?:\[[^\s\]]+(?: [^\s=\]"]+="(?:[^"\\]|\\[^])*")*\])+ ?\ufeff?/;

/**
 * A line of syslog as members: the groups of its beginning, the level, the
 * message, and the pairs key=value in the message and the structured data.
 */
export function syslogMembers(
  line: string,
): Record<string, string> | undefined {
  const found = syslogBeginning.exec(line);
  if (!found) return undefined;
  const rest = line.slice(found[0].length);
  const message = rest.replace(structuredData, "");
  const members = valuesOf(pairsIn(rest));
  for (const [name, text] of Object.entries(found.groups!)) {
    if (text !== undefined) members[name] = text;
  }
  const { priority } = members;
  if (priority !== undefined) members.level = levels[Number(priority) % 8]!;
  return { ...members, message };
}

const levels = ["CRITICAL", "CRITICAL", "CRITICAL", "ERROR", "WARNING"]
  .concat("NOTICE", "INFO", "DEBUG");
