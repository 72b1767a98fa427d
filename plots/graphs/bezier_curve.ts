/**
 * A curve for `Plot.line` whose points are a first one and then, three by
 * three, those of Bézier curves: two controls and an end.
 */
export const bezierCurve = (context: PathContext) => {
  let controls: number[] = [];
  let isFirst = true;
  return {
    areaStart() {},
    areaEnd() {},
    lineStart() {
      controls = [];
      isFirst = true;
    },
    lineEnd() {},
    point(x: number, y: number) {
      if (isFirst) {
        context.moveTo(x, y);
        isFirst = false;
        return;
      }
      controls.push(x, y);
      if (controls.length < 6) return;
      context.bezierCurveTo(...controls as Controls);
      controls = [];
    },
  };
};

/** As much of what a path is drawn into as is needed. */
interface PathContext {
  moveTo(x: number, y: number): void;
  bezierCurveTo(...points: Controls): void;
}

type Controls = [
  ...[x1: number, y1: number, x2: number, y2: number, x3: number, y3: number],
];
