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
let ruler: CanvasRenderingContext2D | null | undefined;

/** The pixels that a text takes. */
export function widthOf(text: string, font: string): number {
  ruler ??= document.createElement('canvas').getContext('2d');
  if (!ruler) {
    return text.length * LETTER;
  }
  ruler.font = font;
  return ruler.measureText(text).width;
}
