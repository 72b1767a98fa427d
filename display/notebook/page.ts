import defer * as crypto from "node:crypto";
import { escapeMarkup } from "../text/untrusted.ts";

const plainStyle = `
:root { color-scheme: light dark; }
body { margin: 2rem auto; max-width: 92rem; padding: 0 1rem; font-family: system-ui, sans-serif; }
svg { max-width: 100%; height: auto; }
`;

/**
 * A self-contained HTML page: it needs no server and no network. The body is
 * markup already. The browser runs none of its scripts but `scripts`; if there
 * is a `style`, it applies no other.
 */
export function page(
  title: string,
  body: string,
  { scripts = [], style }: { scripts?: readonly string[]; style?: string } = {},
): string {
  const policy = [
    "default-src 'none'",
    ...scripts.length === 0
      ? []
      : [`script-src ${scripts.map(policyHash).join(" ")}`],
    `style-src ${style === undefined ? "'unsafe-inline'" : policyHash(style)}`,
    "img-src data:",
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy.join("; ")}">
<title>${escapeMarkup(title)}</title>
<style>${withPlainLines(style ?? plainStyle)}</style>
</head>
<body>
${withPlainLines(body)}
</body>
</html>
`;
}

// A browser hashes text with \n, even if a checkout has other line ends.
const withPlainLines = (text: string) => text.replaceAll("\r\n", "\n");

const policyHash = (text: string): string => {
  const hash = crypto.createHash("sha256").update(withPlainLines(text));
  return `'sha256-${hash.digest("base64")}'`;
};
