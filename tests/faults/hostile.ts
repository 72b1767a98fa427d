/** Names that would run, load or inject something if not treated as text. */
export const hostile: Record<string, string> = {
  "a script": "<script>ran=1</script>",
  "an image": "<img src=//evil.invalid/a onerror=ran=2>",
  "a drawing": "<svg/onload=ran=3>",
  "a frame": "<iframe srcdoc='<script>top.ran=4</script>'>",
  "an attribute": `"onload="ran=5"x="`,
  "another attribute": `'onmouseover='ran=6'x='`,
  "an address that runs": "javascript:ran=7",
  "an address of a page": "data:text/html,<script>ran=8</script>",
  "a link": "<a xlink:href=javascript:ran=9>a</a>",
  "entities": "&#x3c;script&#x3e;ran=10&lt;/script&gt;",
  "CDATA": "<![CDATA[<script>ran=11</script>]]>",
  "the end of CDATA": "]]><script>ran=12</script>",
  "a comment": "--><!--<script>ran=13</script>",
  "an entity of XML": '<!ENTITY/a/SYSTEM/"file:///etc/passwd">&a;',
  "the end of a drawing": "</svg></text><script>ran=14</script>",
  "the end of a title": "</title><script>ran=15</script>",
  "the end of a style": "</style></script><script>ran=16</script>",
  "a template": "${ran=17}{{ran=17}}",
  "a colour of a server": "url(//evil.invalid/b#c)",
  "a style": "red;background:url(//evil.invalid/d)",
  "a zero byte": "a\0b\x1b[31m",
  "half of a character": "a\ud800b",
  "text from right to left": "a\u202egnp.\u2066exe",
  "marks of a direction": "a\u200f1.\u061c2\u200eb",
  "a property of all": "__proto__",
  "another property": "constructor",
};

/** Names that CSS parses as colours. */
export const colours = [
  "red",
  "url(//evil.invalid/e#f)",
  "url(#clip)",
  "var(--a,url(//evil.invalid/g))",
];

/** A name as a page displays it. */
export const shown = (text: string): string =>
  text.replace(hidden, "\ufffd").toWellFormed();

const hidden =
  // deno-lint-ignore no-control-regex
  /[\0-\x08\x0b\x0c\x0e-\x1f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
