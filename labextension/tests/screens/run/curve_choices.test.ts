import { describe, expect, it } from 'vitest';
import {
  combined,
  entriesOf,
  moved,
  NO_CHOICES,
  pairsOf,
  PINNED,
  sectionsOf,
  split,
  toggled,
  type ChartChoices
} from '../../../src/screens/run/curves/choices';

const ids = (names: readonly string[], choices: ChartChoices = NO_CHOICES): string[][] =>
  sectionsOf(entriesOf(names, choices), choices).map(({ id, charts }) => [
    id,
    ...charts.map(chart => chart.id)
  ]);

describe('choices of charts', () => {
  it('name what belongs together', () => {
    const pairs = (...names: string[]): string[][] => pairsOf(entriesOf(names, NO_CHOICES));
    expect(pairs('loss', 'val_loss', 'lr')).toEqual([['loss', 'val_loss']]);
    expect(pairs('train/acc', 'val/acc', 'test/acc')).toEqual([
      ['train/acc', 'val/acc', 'test/acc']
    ]);
    expect(pairs('train_loss', 'loss_val')).toEqual([['train_loss', 'loss_val']]);
    expect(pairs('a b', 'a_b', 'training', 'value', 'interval')).toEqual([]);
    expect(pairs('system/test', 'test')).toEqual([]);
  });

  it('combine charts in the place of the first, and split them again', () => {
    const names = ['a', 'b', 'c', 'd'];
    const entries = entriesOf(names, NO_CHOICES);
    const pinned = toggled(NO_CHOICES, 'pinned', 'c');
    const both = combined(pinned, entries[2]!, entries[0]!);
    expect(ids(names, both)).toEqual([
      [PINNED, 'c + a'],
      ['', 'b', 'd']
    ]);
    const whole = entriesOf(names, both).find(({ id }) => id === 'c + a')!;
    const three = combined(both, whole, entries[1]!);
    expect(three.combined).toEqual([['c', 'a', 'b']]);
    expect(ids(names, three)).toEqual([
      [PINNED, 'c + a + b'],
      ['', 'd']
    ]);
    expect(ids(names, { ...split(three, { id: '', names: ['c', 'a', 'b'] }), pinned: [] })).toEqual(
      [['', 'a', 'b', 'c', 'd']]
    );
  });

  it('show what is left of a chart when a metric is not there', () => {
    const choices = { ...NO_CHOICES, combined: [['a', 'b', 'c']] };
    expect(ids(['a', 'c'], choices)).toEqual([['', 'a + c']]);
    expect(ids(['c'], choices)).toEqual([['', 'c']]);
  });

  it('keep an order, and put what is new behind it', () => {
    const entries = entriesOf(['a', 'b', 'c'], NO_CHOICES);
    const choices = moved(NO_CHOICES, entries, 'c', 'a');
    expect(ids(['a', 'b', 'c'], choices)).toEqual([['', 'c', 'a', 'b']]);
    expect(ids(['new', 'a', 'b', 'c'], choices)).toEqual([['', 'c', 'a', 'b', 'new']]);
    expect(ids(['a', 'b', 'c'], moved(choices, entries, 'c', null))).toEqual([['', 'a', 'b', 'c']]);
  });
});
