// The code of another screen than the widget's own, as text from the kernel.
import type { Mount } from '../ui/screen';

/** A built screen: a module of JavaScript, and its style sheet. */
export interface Code {
  readonly script: string;
  readonly style: string;
}

/** Run a module, as anywidget runs the widget's own. */
export async function imported({ script }: Code): Promise<{ mount: Mount }> {
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  try {
    const module = (await import(/* webpackIgnore: true */ address)) as {
      load(): Promise<{ mount: Mount }>;
    };
    return await module.load();
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Put a style sheet beside `node`: what is in a shadow root has to be styled in it. */
export function styled({ style }: Code, node: Element): HTMLElement {
  const sheet = document.createElement('style');
  sheet.textContent = style;
  node.before(sheet);
  return sheet;
}
