import { describe, expect, it } from 'vitest';
import { problemOf, unpacked } from '../../src/ui/place/snapshot';

const packed = (view: unknown): unknown => ({
  version: 1,
  workspace: 'lab',
  view: JSON.stringify(view)
});

describe('unpacked', () => {
  it('reads a view that is text', () => {
    expect(unpacked(packed({ name: 'a', metrics: [] }))).toEqual({
      version: 1,
      workspace: 'lab',
      view: { name: 'a', metrics: [] }
    });
  });

  it('gives objects back their names, also those inside of others', () => {
    const metrics = {
      $fields: ['name', 'points'],
      $rows: [
        ['a', null],
        ['b', { $fields: ['x'], $rows: [[1], [2]] }]
      ]
    };
    expect(unpacked(packed({ metrics }))).toMatchObject({
      view: {
        metrics: [
          { name: 'a', points: null },
          { name: 'b', points: [{ x: 1 }, { x: 2 }] }
        ]
      }
    });
  });

  it('takes metrics and parameters of these names for what they are', () => {
    const sparklines = { $fields: [1, 2], $rows: ['NaN', 2] };
    const params = { $fields: 'a', $rows: 'b' };
    expect(unpacked(packed({ sparklines, params }))).toMatchObject({
      view: { sparklines, params }
    });
  });

  it('leaves a view that is none of text as it is', () => {
    const data = { version: 1, workspace: 'lab', view: { name: 'a' } };
    expect(unpacked(data)).toBe(data);
  });

  it.each([null, undefined, 1, 'x', [], { view: 'no JSON {' }])(
    'leaves %j to be called damaged',
    data => {
      expect(unpacked(data)).toBe(data);
      expect(problemOf(unpacked(data))).toMatch('damaged');
    }
  );

  it('says nothing of what can be drawn', () => {
    expect(problemOf(unpacked(packed({})))).toBeNull();
  });
});
