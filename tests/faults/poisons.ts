/** What is put behind every word: nothing of it may be more than text. */
export const poisons: Record<string, string> = {
  "a quote": "'",
  "two quotes": '""',
  "a name ended and a statement": `"'); DROP TABLE span; --`,
  "Robert's": "Robert''); DROP TABLE event; --",
  "semicolons and comments": "; /* -- */ ;",
  "parameters": " ? ?1 :id @id $id",
  "patterns": "%_*[a-z]\\%",
  // Without a dot, behind which a type says what it is of its account.
  "a JSON path": '"][0]$"#-1',
  "JSON": '{"a":["',
  "backslashes": "\\u0041\\",
  "newlines": "\r\n\t",
  "a zero byte": "\0x",
  "half of a character": "\ud800",
  "text from right to left": "\u202e\u05d0\u05d1",
  "characters of four bytes": "\u{1f980}\u{10ffff}",
  "marks that combine": "e\u0301\u0327\ufeff\u2028",
  "slashes and percents": "/%2F%25",
  "what HTML has": "<script>alert(1)</script>&amp;",
  "10,000 letters": "x".repeat(10_000),
};

/** As SQLite holds it. */
export const stored = (text: string) =>
  text.toWellFormed().replaceAll("\0", "\u2400");

/** Takes the poison out of whatever is in a value, as it may be written there. */
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
    // Rules are written with quotes where a name needs them.
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

// Text is in another order once it is other text.
const inOrder = (a: unknown, b: unknown) =>
  JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
