// What a run logged, and a page that shows it.
import { Buffer } from 'node:buffer';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { vi } from 'vitest';
import type { ChartView, FilePreviewView, MetricView } from '../../../src/contract.gen';
import { plainly, type Host } from '../../../src/ui/host';
import { LoggedMetric } from '../../../src/ui/metric/metric';

export function metric(more: Partial<MetricView> = {}): MetricView {
  return {
    ...{
      name: 'm',
      kind: 'scalar',
      count: 1,
      last: 1,
      low: null,
      high: null,
      points: null,
      table: null,
      matrix: null
    },
    ...{ charts: [], files: [], ...more }
  };
}

export function chart(title: string, more: Partial<ChartView> = {}): ChartView {
  return {
    title,
    x_label: 'x',
    y_label: 'y',
    series: [{ name: 'a', style: 'line', x: [0, 1], y: [null, 2] }],
    ...more
  };
}

export function preview(more: Partial<FilePreviewView> = {}): FilePreviewView {
  return {
    ...{
      name: 'a.png',
      size: 3,
      media_type: 'image/png',
      text: null,
      table: null,
      image: 'AAAA',
      is_whole: true
    },
    ...{ message: '', ...more }
  };
}

export class MetricPage {
  readonly parent = document.body.appendChild(document.createElement('div'));
  readonly ask = vi.fn((_: string, { file }: { file: string }) =>
    Promise.resolve(preview({ name: file, image: Buffer.from(file).toString('base64') }))
  );
  host: Host = {
    t: plainly,
    workspace: 'ws',
    ask: this.ask as unknown as Host['ask'],
    follow: () => ({ stop: () => undefined }),
    embed: () => ({ dispose: () => undefined })
  };

  /** Show a metric in a place of its own, and what it becomes there. */
  show(metric: MetricView, place = 'm'): void {
    const old = this.parent.querySelector<HTMLElement>(`[data-place=${place}]`);
    const node = old ?? this.parent.appendChild(document.createElement('div'));
    node.dataset.place = place;
    void act(() => render(<LoggedMetric metric={metric} host={this.host} run="r" />, node));
  }

  texts(selector: string): string[] {
    return [...this.parent.querySelectorAll(selector)].map(one => one.textContent ?? '');
  }

  find<E extends HTMLElement>(selector: string): E {
    return this.parent.querySelector<E>(selector)!;
  }

  click(node: HTMLElement): void {
    void act(() => node.click());
  }

  /** Let answers arrive. */
  async settle(wait = 5): Promise<void> {
    await act(() => new Promise(resolve => setTimeout(resolve, wait)));
  }

  remove(): void {
    for (const node of [...this.parent.children]) {
      void act(() => render(null, node));
    }
    this.parent.remove();
  }
}
