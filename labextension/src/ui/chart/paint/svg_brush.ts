// Paints into the text of an SVG, by what a canvas understands.
import type { Brush } from './brush';

const ANCHORS: Partial<Record<CanvasTextAlign, string>> = { right: 'end', center: 'middle' };

export class SvgBrush implements Brush {
  lineWidth = 1;
  lineJoin: CanvasLineJoin = 'miter';
  lineCap: CanvasLineCap = 'butt';
  strokeStyle = '#000';
  fillStyle = '#000';
  globalAlpha = 1;
  font = '11px sans-serif';
  textAlign: CanvasTextAlign = 'left';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  #offset: readonly [x: number, y: number] = [0, 0];
  #clip = '';
  #dash: number[] = [];
  /** Puts back what `save` kept. */
  readonly #kept: (() => void)[] = [];
  readonly #parts: string[] = [];
  #path = '';
  #clips = 0;

  /** The whole picture, as large as it is told. */
  text(width: number, height: number): string {
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${this.#parts.join('')}</svg>\n`;
  }

  save(): void {
    const fields = { ...this };
    const [offset, clip, dash] = [this.#offset, this.#clip, this.#dash];
    this.#kept.push(() => {
      Object.assign(this, fields);
      [this.#offset, this.#clip, this.#dash] = [offset, clip, dash];
    });
  }

  restore(): void {
    this.#kept.pop()?.();
  }

  translate(x: number, y: number): void {
    this.#offset = [this.#offset[0] + x, this.#offset[1] + y];
  }

  beginPath(): void {
    this.#path = '';
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.#path += `M${this.#at(x, y)}h${short(width)}v${short(height)}h${short(-width)}Z`;
  }

  clip(): void {
    const id = `clip-${(this.#clips += 1)}`;
    this.#parts.push(`<clipPath id="${id}"><path d="${this.#path}"/></clipPath>`);
    this.#clip = ` clip-path="url(#${id})"`;
  }

  moveTo(x: number, y: number): void {
    this.#path += `M${this.#at(x, y)}`;
  }

  lineTo(x: number, y: number): void {
    this.#path += `L${this.#at(x, y)}`;
  }

  /** A whole circle: nothing else is painted. */
  arc(x: number, y: number, radius: number): void {
    const half = (way: number): string =>
      `a${short(radius)} ${short(radius)} 0 1 0 ${short(way * 2 * radius)} 0`;
    this.#path += `M${this.#at(x - radius, y)}${half(1)}${half(-1)}`;
  }

  stroke(): void {
    const { strokeStyle, lineWidth, lineJoin, lineCap } = this;
    const dashes = this.#dash.length ? ` stroke-dasharray="${this.#dash.join(' ')}"` : '';
    const line = `stroke-width="${lineWidth}" stroke-linejoin="${lineJoin}" stroke-linecap="${lineCap}"`;
    this.#add(`fill="none" stroke="${escaped(strokeStyle)}" ${line}${dashes}`);
  }

  fill(): void {
    this.#add(`fill="${escaped(this.fillStyle)}"`);
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    this.beginPath();
    this.rect(x, y, width, height);
    this.fill();
  }

  fillText(text: string, x: number, y: number): void {
    const { fillStyle, font, textAlign, textBaseline } = this;
    const [left, top] = [x + this.#offset[0], y + this.#offset[1]];
    const anchor = ANCHORS[textAlign];
    const middle = textBaseline === 'middle' ? ' dominant-baseline="central"' : '';
    const place = `x="${short(left)}" y="${short(top)}"${anchor ? ` text-anchor="${anchor}"` : ''}`;
    this.#parts.push(
      `<text ${place}${middle} fill="${escaped(fillStyle)}" style="font: ${escaped(font)}">${escaped(text)}</text>`
    );
  }

  setLineDash(dash: number[]): void {
    this.#dash = dash;
  }

  #at(x: number, y: number): string {
    const [left, top] = this.#offset;
    return `${short(x + left)} ${short(y + top)}`;
  }

  #add(look: string): void {
    const alpha = this.globalAlpha < 1 ? ` opacity="${this.globalAlpha}"` : '';
    if (this.#path) {
      this.#parts.push(`<path d="${this.#path}" ${look}${alpha}${this.#clip}/>`);
    }
  }
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, letter => names[letter]!);
}
