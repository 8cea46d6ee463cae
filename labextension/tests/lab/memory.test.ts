import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Memory, type Held } from '../../src/lab/notebook/memory';

const held = (cell: string, data: object = {}, subject = 'r'): Held => ({
  cell,
  subject,
  count: null,
  place: 0,
  source: '1',
  data: data as Held['data']
});

describe('what a page remembers of outputs', () => {
  beforeEach(() => sessionStorage.clear());

  it('is there after a reload, cell by cell, until it is dropped', () => {
    const before = new Memory<Held>(sessionStorage, 'k');
    before.hold('a.ipynb', held('1', { x: 1 }));
    before.hold('a.ipynb', held('2'));
    before.hold('b.ipynb', held('1'));
    before.hold('a.ipynb', held('1', { x: 2 }));
    const after = new Memory<Held>(sessionStorage, 'k');
    expect(after.of('a.ipynb')).toEqual([held('1', { x: 2 }), held('2')]);
    after.drop('a.ipynb', held('2'));
    expect(after.of('a.ipynb').map(({ cell }) => cell)).toEqual(['1']);
    after.drop('a.ipynb');
    expect(after.of('a.ipynb')).toEqual([]);
    expect(after.of('b.ipynb')).toHaveLength(1);
  });

  it('is of each output of a cell, in the order in which they came', () => {
    const memory = new Memory<Held>(sessionStorage, 'k');
    const both = [held('1', { x: 1 }, 'r'), held('1', {}, 's')];
    both.forEach(one => memory.hold('a', one));
    memory.hold('a', both[0]!);
    expect(memory.of('a')).toEqual(both);
    memory.drop('a', both[0]);
    expect(memory.of('a')).toEqual([both[1]]);
  });

  it.each(['constructor', '__proto__'])('is of a notebook called %s, too', path => {
    const memory = new Memory<Held>(sessionStorage, 'k');
    expect(memory.of(path)).toEqual([]);
    memory.hold(path, held('1'));
    expect(memory.of(path)).toEqual([held('1')]);
  });

  it('is nothing where the browser keeps nothing, or something damaged', () => {
    const full = {
      getItem: () => '{cut',
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      }
    };
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const memory = new Memory<Held>(full, 'k');
    memory.hold('a', held('1'));
    expect(memory.of('a')).toEqual([]);
    expect(warned).toHaveBeenCalledTimes(1);
  });
});
