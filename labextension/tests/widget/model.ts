// The model of a widget, as anywidget would hand it over.
import type { WidgetModel } from '../../src/widget/model';

/** A model whose kernel is the test. */
export class Model implements WidgetModel {
  readonly values: Record<string, unknown> = { _snapshot: snapshot(), workspace: 'w' };
  readonly sent: Record<string, unknown>[] = [];
  readonly saved: unknown[] = [];
  readonly #callbacks: [string, (...values: never[]) => void][] = [];

  get(name: string): unknown {
    return this.values[name];
  }

  set(name: string, value: unknown): void {
    this.values[name] = value;
  }

  save_changes(): void {
    this.saved.push(this.values['selected']);
  }

  send(content: unknown): void {
    this.sent.push(content as Record<string, unknown>);
  }

  on(event: string, callback: (...values: never[]) => void): void {
    this.#callbacks.push([event, callback]);
  }

  off(event: string, callback: (...values: never[]) => void): void {
    const place = this.#callbacks.findIndex(([name, one]) => name === event && one === callback);
    if (place >= 0) {
      this.#callbacks.splice(place, 1);
    }
  }

  emit(event: string, ...values: unknown[]): void {
    for (const [name, callback] of [...this.#callbacks]) {
      if (name === event) {
        (callback as (...all: unknown[]) => void)(...values);
      }
    }
  }

  say(content: unknown, buffers?: DataView[]): void {
    this.emit('msg:custom', content, buffers);
  }

  change(name: string, value: unknown): void {
    this.values[name] = value;
    this.emit(`change:${name}`);
  }

  get hellos(): unknown[] {
    return this.sent.filter(({ hello }) => hello).map(({ hello }) => hello);
  }

  get count(): number {
    return this.#callbacks.length;
  }
}

export function snapshot(fields: object = {}, view: object = {}): object {
  return { version: 1, workspace: 'w', view: { id: 'r', ...view }, ...fields };
}
