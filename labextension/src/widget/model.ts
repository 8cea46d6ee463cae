// The model of a widget, as anywidget hands it over.

export interface WidgetModel {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  on(event: 'msg:custom', callback: (content: unknown, buffers?: DataView[]) => void): void;
  on(event: `change:${string}`, callback: () => void): void;
  off(event: string, callback: (...values: never[]) => void): void;
}

/** What the kernel says in custom messages. */
export interface Heard {
  event?: { type: string; token?: string; message?: string };
  link?: string;
  message?: string;
  answer?: number;
  value?: unknown;
  error?: string;
}
