// A chart in a page whose room a test decides.
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { vi } from 'vitest';
import { Chart } from '../../src/ui/chart/chart';
import type { ChartProps, Series } from '../../src/ui/chart/contract';
import { plainly } from '../../src/ui/host';
import { paintDue } from '../../src/ui/chart/paint/due';
import { canvas, type Call } from './chart_canvas';

export function series(y: number[], more: Partial<Series> = {}): Series {
  return { name: 'loss', style: 'line', color: 0, x: y.map((_, place) => place), y, ...more };
}

export function props(more: Partial<ChartProps> = {}): ChartProps {
  return {
    t: plainly,
    title: 'Loss',
    curves: [series([2.3, 1, 0.2, 0.21])],
    x: { label: 'step', text: String },
    y: { label: 'value' },
    height: 200,
    ...more
  };
}

/** What tells of sizes and of sight; charts share one of each. */
export const room = (() => {
  const told: ((entries: unknown[]) => void)[] = [];
  const targets = new Set<Element>();
  const state = { width: 400, isSeen: true };
  const tell = (): void =>
    told.forEach(each =>
      each(
        [...targets].map(target => ({
          target,
          contentRect: new DOMRect(0, 0, state.width, 200), // its width is no field of its own
          isIntersecting: state.isSeen
        }))
      )
    );
  class Observer {
    constructor(call: (entries: unknown[]) => void) {
      told.push(call);
    }
    observe(target: Element): void {
      targets.add(target);
      tell();
    }
    unobserve(target: Element): void {
      targets.delete(target);
    }
    disconnect(): void {}
  }
  Object.assign(globalThis, { ResizeObserver: Observer, IntersectionObserver: Observer });
  return { state, tell };
})();

/** Do something, and have what follows from it painted. */
export function done(work: () => void): void {
  void act(work);
  paintDue();
}

export class ChartPage {
  readonly parent = document.body.appendChild(document.createElement('div'));
  readonly drawn: Call[];
  #props: ChartProps;

  constructor(more: Partial<ChartProps> = {}) {
    const { calls, context } = canvas();
    this.drawn = calls;
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context);
    this.#props = props(more);
    this.set({});
  }

  set(more: Partial<ChartProps>): void {
    done(() => this.draw(more));
  }

  draw(more: Partial<ChartProps>): void {
    this.#props = { ...this.#props, ...more };
    render(<Chart {...this.#props} />, this.parent);
  }

  find(selector: string): HTMLElement | null {
    return this.parent.querySelector<HTMLElement>(selector);
  }

  get plot(): HTMLElement {
    return this.find('.aml-chart-plot')!;
  }

  /** The text of the tooltip; empty where there is none. */
  get tip(): string {
    return this.find('.aml-chart-tip')?.textContent ?? '';
  }

  /** What was drawn of the curves the last time. */
  get curves(): Call[] {
    return this.drawn.slice(this.drawn.map(([name]) => name).lastIndexOf('clip'));
  }

  get draws(): number {
    return this.drawn.filter(([name]) => name === 'clearRect').length;
  }

  press(key: string): KeyboardEvent {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
    done(() => void this.plot.dispatchEvent(event));
    return event;
  }

  /** A pointer does something; what it does to the cursor is seen in the next frame. */
  async pointer(type: string, x: number, y = 50): Promise<void> {
    const event = new MouseEvent(type, { clientX: x, clientY: y, bubbles: true });
    Object.defineProperty(event, 'movementX', { value: 1 });
    await act(async () => {
      this.find('canvas')!.dispatchEvent(event);
      await new Promise(done => requestAnimationFrame(done));
    });
  }

  button(text: string): HTMLButtonElement {
    return [...this.parent.querySelectorAll('button')].find(one =>
      `${one.textContent} ${one.getAttribute('aria-label')}`.includes(text)
    )!;
  }

  click(text: string): void {
    done(() => this.button(text).click());
  }

  remove(): void {
    done(() => render(null, this.parent));
    this.parent.remove();
  }
}
