/** The path of a member of a JSON object, whatever characters are in its name. */
export function jsonPath(name: string): string {
  return `$.${JSON.stringify(name)}`;
}
