/**
 * The look that all charts share. A chart brings its own background, so the
 * same dark text on white reads on a light page and on a dark one: a notebook
 * shows it as an image, which knows nothing of the page around it.
 */
export const style = {
  background: "#ffffff",
  /** Text and axes: 15.8 to 1 against the background. */
  ink: "#1f2328",
  /** Captions and what is second: 6.4 to 1. */
  mutedInk: "#57606a",
  grid: "#d0d7de",
  fontFamily:
    "Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif",
  titleSize: 15,
  subtitleSize: 12,
  textSize: 11,
  padding: 14,
} as const;
