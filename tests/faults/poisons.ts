/** Suffixes for every name, all to be treated as plain text. */
export const poisons: Record<string, string> = {
  "a quote": "'",
  "two quotes": '""',
  "a closing quote and a statement": `"'); DROP TABLE span; --`,
  "Robert's": "Robert''); DROP TABLE event; --",
  "semicolons and comments": "; /* -- */ ;",
  "parameters": " ? ?1 :id @id $id",
  "patterns": "%_*[a-z]\\%",
  // Without a dot, which has a meaning in the name of a type.
  "a JSON path": '"][0]$"#-1',
  "JSON": '{"a":["',
  "backslashes": "\\u0041\\",
  "newlines": "\r\n\t",
  "a zero byte": "\0x",
  "a lone surrogate": "\ud800",
  "right-to-left text": "\u202e\u05d0\u05d1",
  "four-byte characters": "\u{1f980}\u{10ffff}",
  "combining marks": "e\u0301\u0327\ufeff\u2028",
  "slashes and percents": "/%2F%25",
  "HTML": "<script>alert(1)</script>&amp;",
  "10,000 letters": "x".repeat(10_000),
};

/** The text as SQLite stores it. */
export const stored = (text: string) =>
  text.toWellFormed().replaceAll("\0", "\u2400");

/** Removes every encoded form of the poison from the strings in a value. */
export function without(poison: string, value: unknown): unknown {
  const plain = stored(poison);
  const inKey = plain.replaceAll("%", "%25").replaceAll("/", "%2F");
  const json = (text: string) => JSON.stringify(text).slice(1, -1);
  const forms = [poison, plain, inKey].flatMap((text) => [
    text,
    json(text),
    json(json(text)),
  ]).sort((a, b) => b.length - a.length);
  const clean = (text: string) =>
    // Rules quote a name only if needed.
    forms.reduce((text, form) => text.replaceAll(form, ""), text)
      .replace(/["\\]/g, "");
  const walk = (value: unknown): unknown => {
    if (typeof value === "string") return clean(value);
    if (Array.isArray(value)) return value.map(walk).sort(inOrder);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, value]) => [clean(name), walk(value)])
        .sort(inOrder),
    );
  };
  return walk(value);
}

// The poison changes the order of strings: compare in a canonical order.
const inOrder = (a: unknown, b: unknown) =>
  JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
