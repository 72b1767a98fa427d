// These make Deno install the packages; pdfkit exports no smaller file.
import "pdfkit/output" with { type: "text" };
import "svg-to-pdfkit/package.json" with { type: "json" };
import { lazyModule } from "../lazy_module.ts";
import { fontFiles } from "./png.ts";

/** The part of a pdfkit document that this file uses. */
interface PdfDocument {
  end(): void;
  read(): Uint8Array<ArrayBuffer> | null;
}

// Their own types need those of Node's streams.
const pdfkit = lazyModule<{
  default: new (options: Record<string, unknown>) => PdfDocument;
}>(() => import.meta.resolve("pdfkit"));

const svgToPdfkit = lazyModule<
  (
    document: PdfDocument,
    svg: string,
    x: number,
    y: number,
    options: Record<string, unknown>,
  ) => void
>(() => import.meta.resolve("svg-to-pdfkit"));

/**
 * Draws an SVG as a PDF of one page of its size. Text is in Inter, as in PNG; the
 * glyphs that occur are embedded.
 *
 * @param size of the SVG in pixels, of which 96 are an inch
 */
export function renderPdf(
  svg: string,
  { width, height, title }: { width: number; height: number; title: string },
): Uint8Array<ArrayBuffer> {
  const size = [width * pointsPerPixel, height * pointsPerPixel];
  const [regular, semiBold] = fontFiles();
  const document = new pdfkit.default({
    size,
    margin: 0,
    font: regular,
    info: { Title: title },
  });
  svgToPdfkit(document, withoutHalos(svg.replace(styleSheet, "")), 0, 0, {
    width: size[0],
    height: size[1],
    fontCallback: (_family: string, isBold: boolean) =>
      isBold ? semiBold : regular,
    // A link in untrusted data must not read a file.
    imageCallback: (link: string) => link.startsWith("data:") ? link : "",
    warningCallback: () => {},
  });
  document.end();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let part; (part = document.read()) !== null;) parts.push(part);
  const pdf = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    pdf.set(part, at);
    at += part.length;
  }
  return pdf;
}

const pointsPerPixel = 72 / 96;

/**
 * Draws a group with outlines below its fills as two groups: the outlines, then
 * the fills. svg-to-pdfkit ignores `paint-order`, so that outlines would cover
 * their texts.
 */
function withoutHalos(svg: string): string {
  const parts: string[] = [];
  let done = 0;
  for (const { 0: open, index } of svg.matchAll(group)) {
    if (index < done || !open.includes(' paint-order="stroke"')) continue;
    const from = index + open.length;
    const to = endOfGroup(svg, from);
    const content = svg.slice(from, to);
    const without = (text: string, name: string) =>
      text.replace(new RegExp(` ${name}="[^"]*"`, "g"), "");
    parts.push(
      svg.slice(done, index),
      without(open, "fill").replace(/^<g/, '<g fill="none"'),
      without(content, "fill"),
      "</g>",
      without(open, "stroke").replace(/^<g/, '<g stroke="none"'),
      without(content, "stroke"),
      "</g>",
    );
    done = to + "</g>".length;
  }
  return parts.join("") + svg.slice(done);
}

const group = /<g [^<>]*>/g;

/** Where the `</g>` is of the group whose content starts at `from`. */
function endOfGroup(svg: string, from: number): number {
  const tag = /<g[ >]|<\/g>/g;
  tag.lastIndex = from;
  for (let depth = 1;;) {
    const found = tag.exec(svg);
    if (!found) return svg.length;
    depth += found[0] === "</g>" ? -1 : 1;
    if (depth === 0) return found.index;
  }
}

// The theme of a dark page.
const styleSheet = /<style>[^<]*<\/style>/;
