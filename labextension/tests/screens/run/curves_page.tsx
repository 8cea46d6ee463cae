// A run whose charts a test looks into.
import { vi } from 'vitest';
import type { GhostView, RunView } from '../../../src/contract.gen';
import { mount as mountRun } from '../../../src/screens/run/screen';
import type { ChartProps } from '../../../src/ui/chart/contract';
import type { Mounted } from '../../../src/ui/screen';
import { charts } from './fake_chart';
import { points, run, snapshot, TestHost } from './scene';

export class CurvesPage {
  readonly parent = document.body.appendChild(document.createElement('div'));
  readonly host: TestHost;
  readonly #mounted: Mounted;

  constructor(view: RunView = run(), answers: TestHost['answers'] = {}) {
    charts.clear();
    this.host = new TestHost(answers);
    this.#mounted = mountRun(this.parent, snapshot(view), this.host);
    this.host.link('live');
  }

  /** The titles of the charts in the page, in their order. */
  get titles(): string[] {
    return [...this.parent.querySelectorAll('.aml-run-curve')].map(each =>
      each.getAttribute('aria-label')!
    );
  }

  /** The heads of the sections. */
  get heads(): string[] {
    return [...this.parent.querySelectorAll('.aml-run-fold')].map(each => each.textContent);
  }

  get text(): string {
    return this.parent.textContent;
  }

  chart(title = 'loss'): ChartProps {
    return charts.get(title)!;
  }

  xs(title = 'loss'): number[] {
    return Array.from(this.chart(title).curves.at(-1)!.x);
  }

  control(words: string): HTMLInputElement {
    return [...this.parent.querySelectorAll('label')]
      .find(label => label.textContent.startsWith(words))!
      .querySelector('input, select')!;
  }

  change(control: HTMLInputElement, value: string | boolean): void {
    if (typeof value === 'boolean') {
      control.checked = value;
    } else {
      control.value = value;
    }
    control.dispatchEvent(new Event('input', { bubbles: true }));
    control.dispatchEvent(new Event('change', { bubbles: true }));
  }

  /** Choose something in the menu of a chart. */
  choose(title: string, text: string): void {
    this.chart(title).menu!()
      .flat()
      .find(entry => entry.label === text)!
      .act();
  }

  remove(): void {
    this.#mounted.dispose();
    this.parent.remove();
  }
}

export function ghost(role: GhostView['role'], number: number): GhostView {
  const other = {
    id: `r${number}`,
    short_id: 'r',
    number,
    name: 'n',
    experiment: 'e',
    status: 'Completed',
    elapsed: 1
  };
  return { role, metric: null, run: other, curves: { loss: points([4, 5]) } };
}

/** Something of a chart is dragged onto a chart, at a share of its width. */
export function drag(parent: HTMLElement, from: string, to: string, share: number): void {
  const figure = (title: string): HTMLElement =>
    [...parent.querySelectorAll<HTMLElement>('.aml-run-curve')].find(
      each => each.getAttribute('aria-label') === title
    )!;
  const data = new Map<string, string>();
  const dataTransfer = {
    setData: (kind: string, text: string) => data.set(kind, text),
    getData: (kind: string) => data.get(kind),
    setDragImage: () => undefined,
    get types() {
      return [...data.keys()];
    }
  };
  const target = figure(to);
  vi.spyOn(target, 'getBoundingClientRect').mockReturnValue({ left: 0, width: 100 } as DOMRect);
  const tell = (node: Element, type: string): void => {
    const event = new MouseEvent(type, { bubbles: true, cancelable: true, clientX: share * 100 });
    Object.defineProperty(event, 'dataTransfer', { value: dataTransfer });
    node.dispatchEvent(event);
  };
  tell(figure(from).querySelector('.aml-run-grip')!, 'dragstart');
  tell(target, 'dragover');
  tell(target, 'drop');
}
