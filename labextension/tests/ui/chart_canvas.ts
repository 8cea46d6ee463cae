// What a test of charts looks at.

export type Call = [string, ...unknown[]];

/** A canvas that writes down what is drawn on it. */
export function canvas(): { calls: Call[]; context: CanvasRenderingContext2D } {
  const calls: Call[] = [];
  const state: Record<string, unknown> = {};
  const context = new Proxy(state, {
    get: (_, name: string) => {
      if (name === 'measureText') {
        return (text: string) => ({ width: text.length > 9 ? 140 : 10 });
      }
      return name in state
        ? state[name]
        : (...values: unknown[]) => void calls.push([name, ...values]);
    },
    set: (_, name: string, value) => {
      state[name] = value;
      calls.push([`${name}=`, value]);
      return true;
    }
  });
  return { calls, context: context as unknown as CanvasRenderingContext2D };
}
