/** The text that all messages of one statement share. */
export interface Template {
  /** %s stands where the messages differ. */
  text: string;
  /** The texts in place of %s. */
  values: string[];
}

// The varying parts of messages: the content of a list of numbers or of a
// dictionary, an object's repr, quoted text, UUIDs, hex, paths, the label of an
// executor, versions and addresses (1.3.0-dev-84803bdc2-clean, 127.0.0.1),
// numbers. A minus sign belongs to a number unless a word precedes it: block-0.
// A %s in the message itself counts as one, so that there is a value for each.
const varying = new RegExp(
  [
    /%s/,
    /(?<=\[)\d+(?:, \d+)+(?=\])/,
    /(?<=\{)['"][^{}]*(?=\})/,
    /<[^<>]*(?:<[^<>]*>[^<>]*)*>/,
    /b?'[^']*'|"[^"]*"/,
    /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/,
    /\b0x[0-9a-f]+\b/,
    /(?<![\w%])\/[^\s,;:'")\]]+/,
    /(?<=\b[Ee]xecutor )(?!id\b|tasks?\b|shut|update|with\b|has\b|\d)[\w.-]+/,
    /\b(?=\d*[a-f]*\d)[0-9a-f]{8,}\b/,
    /\b\d+(?:\.\d+){2,}(?:[\w.+-]*\w)?/,
    /(?:(?<![\w%])-)?\b\d+(?:\.\d+)?(?:e[-+]?\d+)?/,
  ].map(({ source }) => source).join("|"),
  "g",
);

// The index keeps a second copy of every template.
const maxLength = 4096;
const maxMessage = 1 << 20;

/**
 * The template of a message: "Task 5 will be sent to executor htex" has "Task
 * %s will be sent to executor %s". It is made of the whole message and then cut,
 * so that the length of a value does not change it; the values are cut, too.
 */
export function templateOf(message: string): Template {
  const values: string[] = [];
  let left = maxLength;
  const text = message.slice(0, maxMessage).replace(varying, (value) => {
    values.push(value.length > left ? `${value.slice(0, left)}…` : value);
    left = Math.max(0, left - value.length);
    return "%s";
  });
  if (text.length <= maxLength && message.length <= maxMessage) {
    return { text, values };
  }
  const cut = text.slice(0, maxLength).replace(/%$/, "");
  return {
    text: `${cut}…`,
    values: values.slice(0, cut.split("%s").length - 1),
  };
}
