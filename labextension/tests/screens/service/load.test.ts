import { describe, expect, it } from 'vitest';
import { beforeText, curvesOf, merged, totalsOf } from '../../../src/screens/service/load';
import { latencyText, modelsText } from '../../../src/screens/service/words';
import { plainly } from '../../../src/ui/host';
import { load, NOW } from './scene';

describe('load that grows', () => {
  it('takes what is new, and what is told again', () => {
    const before = load([
      [NOW - 2, 4, 1, 0],
      [NOW - 1, 1, 0, 0]
    ]);
    const after = merged(
      before,
      load(
        [
          [NOW - 1, 3, 0, 1],
          [NOW, 2, 0, 0]
        ],
        NOW + 1
      ),
      '5m'
    );

    expect(after.times).toEqual([NOW - 2, NOW - 1, NOW]);
    expect(after.requests).toEqual([4, 3, 2]);
    expect(after.refused).toEqual([0, 1, 0]);
    expect(after.end).toBe(NOW + 1);
  });

  it('lets go what is older than the window', () => {
    const before = load([
      [NOW - 299, 4, 1, 0],
      [NOW, 1, 0, 0]
    ]);

    expect(merged(before, load([], NOW + 100), '5m').times).toEqual([NOW]);
    expect(merged(before, load([], NOW + 100, 12), '1h').times).toEqual([NOW - 299, NOW]);
  });

  it('is added up', () => {
    const all = load([
      [NOW - 2, 4, 1, 2],
      [NOW, 6, 1, 0]
    ]);
    expect(totalsOf(all)).toEqual({ requests: 10, errors: 2, refused: 2 });
  });
});

describe('curves of a load', () => {
  it('are 0 where there was no request, and latency has a gap there', () => {
    const { rates, latency } = curvesOf(load([[NOW - 2, 4, 1, 0]]), '5m', plainly);

    expect(rates.map(({ name }) => name)).toEqual(['requests', 'errors (5xx)']);
    const { x, y } = rates[0]!;
    expect(x.length).toBe(301);
    expect([x[0], x[300]]).toEqual([-300, 0]);
    expect([y[297], y[298], y[299]]).toEqual([0, 4, 0]);
    expect(latency.map(({ y: values }) => values[298])).toEqual([1.5, 20, 120]);
    expect(latency[0]!.y[297]).toBeNaN();
    expect(latency[0]!.style).toBe('points');
  });

  it('are lines where seconds with requests are many', () => {
    const rows = Array.from({ length: 20 }, (_, at): [number, number, number, number] => [
      ...([NOW - 20 + at, 1, 0, 0] as const)
    ]);
    expect(curvesOf(load(rows), '5m', plainly).latency[1]!.style).toBe('line');
  });

  it('are a second however long a stretch is', () => {
    const { rates } = curvesOf(load([[NOW - 288, 288, 0, 0]], NOW, 288), '24h', plainly);
    expect(Math.max(...Array.from(rates[0]!.y))).toBe(1);
  });

  it('pass over what lies outside', () => {
    const { rates } = curvesOf(load([[NOW + 50, 9, 0, 0]]), '5m', plainly);
    expect(Math.max(...Array.from(rates[0]!.y))).toBe(0);
  });
});

describe('words', () => {
  it('say when, how long, which models', () => {
    expect([0, -14, -180, -10_800].map(beforeText)).toEqual(['now', '-14 s', '-3 min', '-3 h']);
    expect([null, 3.42, 1_500].map(latencyText)).toEqual(['', '3.42 ms', '1.5 s']);
    expect(
      modelsText([
        { name: 'a', version: '1' },
        { name: 'b', version: '' }
      ])
    ).toBe('a:1, b');
  });
});
