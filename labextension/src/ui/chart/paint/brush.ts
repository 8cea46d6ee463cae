// What pictures are painted with: a canvas, or what writes SVG.

export type Brush = Pick<
  CanvasRenderingContext2D,
  | 'save'
  | 'restore'
  | 'translate'
  | 'beginPath'
  | 'rect'
  | 'clip'
  | 'moveTo'
  | 'lineTo'
  | 'arc'
  | 'stroke'
  | 'fill'
  | 'fillRect'
  | 'fillText'
  | 'setLineDash'
  | 'lineWidth'
  | 'lineJoin'
  | 'lineCap'
  | 'strokeStyle'
  | 'fillStyle'
  | 'globalAlpha'
  | 'font'
  | 'textAlign'
  | 'textBaseline'
>;

/** Pixels to a letter, where there is no canvas to measure it. */
const LETTER = 6;
type Ruler = Pick<CanvasRenderingContext2D, 'font' | 'measureText'>;
let ruler: Ruler | null | undefined;

/** The pixels that a text takes. */
export function widthOf(text: string, font: string): number {
  ruler ??= makeRuler();
  if (!ruler) {
    return text.length * LETTER;
  }
  ruler.font = font;
  return ruler.measureText(text).width;
}

/** One that is no element of the page, where there can be: the page is laid out before an element measures. */
function makeRuler(): Ruler | null {
  return globalThis.OffscreenCanvas
    ? new OffscreenCanvas(1, 1).getContext('2d')
    : document.createElement('canvas').getContext('2d');
}
