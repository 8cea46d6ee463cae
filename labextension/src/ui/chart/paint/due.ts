// Canvases wait for each other to be painted: text on one has the whole page laid out, and so has each other size.

interface Due {
  width: number;
  height: number;
  paint: (context: CanvasRenderingContext2D) => void;
  /** Told why it could not be painted. */
  failed: (problem: unknown) => void;
}

const waiting = new Map<HTMLCanvasElement, Due>();

/** Paint a canvas of so many pixels of the screen before the next frame, after those that are drawn with it. */
export function paintSoon(canvas: HTMLCanvasElement, due: Due): void {
  if (waiting.size === 0) {
    queueMicrotask(paintDue);
  }
  waiting.set(canvas, due);
}

/** Paint now what waits. */
export function paintDue(): void {
  const all = [...waiting];
  waiting.clear();
  for (const [canvas, { width, height }] of all) {
    [canvas.width, canvas.height] = [width, height];
  }
  for (const [canvas, { paint, failed }] of all) {
    try {
      const context = canvas.getContext('2d');
      if (context) {
        paint(context);
      }
    } catch (problem) {
      failed(problem);
    }
  }
}
