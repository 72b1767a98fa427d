/**
 * "The columns: task; time, in Unix seconds. In the order of time." as a list,
 * which the rest of the text follows.
 */
export function columnsAsList(text: string): string {
  return text.replace(
    /^The columns: ([\s\S]*?)\.(?:\s+|$)/m,
    (_, columns: string) => {
      const items = columns.replaceAll("\n", " ").split("; ").map(item);
      return `The columns:\n\n${items.join("\n")}\n\n`;
    },
  );
}

/** "first and last, the times of both": what is before the comma are names. */
function item(text: string): string {
  const [, names, rest = ""] =
    /^([a-z_]+(?: and [a-z_]+)?)(?:[,:] (.*)|)$/.exec(text) ?? [];
  if (names === undefined) return `- ${text}`;
  const words = names.split(" and ").map((name) => `\`${name}\``).join(" and ");
  return rest ? `- ${words}: ${rest}` : `- ${words}`;
}
