import defer * as crypto from "node:crypto";
import { escapeMarkup } from "../text/untrusted.ts";

/**
 * One HTML page that needs nothing else: no server, no network. The body is
 * markup already; of what is in it the browser runs `script` and nothing else.
 */
export function page(title: string, body: string, script?: string): string {
  const scripts = script === undefined
    ? ""
    : `script-src 'sha256-${
      crypto.createHash("sha256").update(script).digest("base64")
    }'; `;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; ${scripts}style-src 'unsafe-inline'; img-src data:">
<title>${escapeMarkup(title)}</title>
<style>
:root { color-scheme: light dark; }
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font-family: system-ui, sans-serif; }
svg { max-width: 100%; height: auto; }
</style>
</head>
<body>
${body}
</body>
</html>
`;
}
