import { describe, expect, it, vi } from 'vitest';
import { OutputKept, setView, type Metadata } from '../../src/lab/notebook/kept';

const TYPE = 'application/vnd.test.run+json';

function model(metadata: Metadata = {}) {
  return {
    metadata,
    setData(options: { metadata: Metadata }) {
      this.metadata = options.metadata;
    }
  };
}

describe('how an output is shown', () => {
  it('stands in its metadata, beside what else does', () => {
    const one = model({ [TYPE]: { other: 1 }, needs_background: 'light' });
    const written = vi.fn();
    const kept = new OutputKept(TYPE, one, written);
    expect(kept.get()).toBeUndefined();
    kept.set('run', { a: 1 });
    expect(one.metadata).toEqual({
      [TYPE]: { other: 1, view: { a: 1 } },
      needs_background: 'light'
    });
    expect(written.mock.calls).toEqual([[{ a: 1 }]]);
    expect(new OutputKept(TYPE, one, written).get()).toEqual({ a: 1 });
    expect(kept.take(one)).toBe(true);
  });

  it('is put again into a newer state of the output, which the kernel made', () => {
    const kept = new OutputKept(TYPE, model(), () => undefined);
    kept.set('run', { a: 1 });
    const newer = model();
    expect(kept.take(newer)).toBe(true);
    expect(newer.metadata).toEqual({ [TYPE]: { view: { a: 1 } } });
  });

  it('is another where somebody else has changed it', () => {
    const one = model();
    const kept = new OutputKept(TYPE, one, () => undefined);
    expect(kept.take(one)).toBe(true);
    setView(one, TYPE, { a: 2 });
    expect(kept.take(one)).toBe(false);
  });

  it('changes no output that shows something else by now', () => {
    const one = model();
    const kept = new OutputKept(TYPE, one, () => undefined);
    kept.close();
    kept.set('run', { a: 1 });
    expect(one.metadata).toEqual({});
  });

  it.each([null, 'x', [], 7])('may be damaged: %j', note => {
    const one = model({ [TYPE]: note });
    const kept = new OutputKept(TYPE, one, () => undefined);
    expect(kept.get()).toBeUndefined();
    kept.set('run', 1);
    expect(one.metadata).toEqual({ [TYPE]: { view: 1 } });
  });
});
