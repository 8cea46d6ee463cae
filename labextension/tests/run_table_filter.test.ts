import { describe, expect, it } from 'vitest';
import { plainly } from '../src/ui/host';
import { FilterError, isExpression, parseFilter } from '../src/ui/run_table/filter';
import { conditionOf } from '../src/ui/run_table/filter_box';
import type { RunRowView } from '../src/ui/view';
import { HOSTILE, row } from './run_table_sample';

const ROWS: RunRowView[] = [
  row(1, { name: 'good', params: { lr: 0.1, opt: 'adam', deep: true }, metrics: { acc: 0.9, loss: 0.1 } }),
  row(2, { name: 'bad', params: { lr: 0.5, opt: 'sgd', deep: false }, metrics: { acc: 0.5 } }),
  row(1, { name: 'failed', experiment: 'other', status: 'Failed', tags: { who: 'me', n: '5' }, metrics: { note: "é 'x'" } }),
  row(2, { name: 'odd (50%)', experiment: 'other', params: { 'learning rate': 1, opt: "it's", none: null }, metrics: { 'val acc': 0.7, acc: 'NaN' } })
];

function names(text: string): string[] {
  return ROWS.filter(conditionOf(text, plainly) ?? (() => true)).map(({ name }) => name);
}

describe('an expression', () => {
  it.each<[string, string[]]>([
    ['metrics.acc > 0.6', ['good']],
    ['metric.acc >= 0.5', ['good', 'bad']],
    ['metrics.acc<0.9', ['bad']],
    ['metrics.acc <= 9e-1', ['good', 'bad']],
    ['metrics.acc == .5', ['bad']],
    ['metrics.acc != 0.5', ['good']],
    ['metrics.acc > -1 and params.lr < 0.2', ['good']],
    ["metrics.acc > 0.8 or status = 'Failed'", ['good', 'failed']],
    ["status = failed or status == ' FAILED '", ['failed']],
    ['status != completed', ['failed']],
    ['status = Failed or metrics.acc > 0.6 and params.lr > 0.2', ['failed']],
    ['(status = Failed or metrics.acc > 0.6) and params.lr < 0.2', ['good']],
    ['not metrics.acc > 0.6 and experiment = digits', ['bad']],
    ['not not name = good', ['good']],
    ['NOT name = good AND experiment = digits', ['bad']],
    ['metrics.acc is null', ['failed']],
    ['metrics.acc is not null', ['good', 'bad', 'odd (50%)']],
    ['params.none is null', ['good', 'bad', 'failed', 'odd (50%)']],
    ['params.opt = adam', ['good']],
    ['params.opt != "adam"', ['bad', 'odd (50%)']],
    ["params.opt = 'it\\'s'", ['odd (50%)']],
    ["params.opt > 'b'", ['bad', 'odd (50%)']],
    ["params.opt like 'A%'", ['good']],
    ["params.opt like '_dam'", ['good']],
    ['params.deep = true', ['good']],
    ['params.deep = FALSE', ['bad']],
    ['params.`learning rate` = 1', ['odd (50%)']],
    ['metrics.`val acc` > 0.5', ['odd (50%)']],
    ["tags.who = 'me'", ['failed']],
    ['tags.n = 5', ['failed']],
    ['tags.n != 5', []],
    ['metrics.note = "é \'x\'"', ['failed']],
    ['number = 2', ['bad', 'odd (50%)']],
    ['number > 1.5 and duration >= 12', ['bad', 'odd (50%)']],
    ['started > 0', ['good', 'bad', 'failed', 'odd (50%)']],
    ['name = 5', []]
  ])('%s finds what the same filter finds in the database', (text, found) => {
    expect(names(text)).toEqual(found);
  });

  it.each([
    ['status =', 'its end'],
    ['metrics.acc', 'its end'],
    ['metrics.acc about 5', 'about 5'],
    ['status = (', '('],
    ['metrics.acc > > 5', '> 5'],
    ['colour = red', 'colour = red'],
    ['= 5', '= 5'],
    ['(metrics.acc > 5', 'its end'],
    ['metrics.acc > 5 6', '6'],
    ["name = 'open", "'open"],
    ['metrics.acc is 5', '5'],
    ['params.x = 1 and', 'its end'],
    [`${'('.repeat(60)}number = 1`, '('.repeat(30)],
    [Array(201).fill('number = 1').join(' or '), 'number = 1']
  ])('%.40s is refused where it cannot be read', (text, place) => {
    expect(() => conditionOf(text, plainly)).toThrow(FilterError);
    expect(() => conditionOf(text, plainly)).toThrow(`The filter cannot be read at “${place}”.`);
  });
});

describe('hostile input', () => {
  it('never runs and never finds by what every object has', () => {
    for (const text of [
      'params.constructor is not null',
      'params.__proto__ is not null',
      'metrics.toString is not null',
      'tags.hasOwnProperty = x',
      "name = 'constructor'"
    ]) {
      expect(names(text)).toEqual([]);
    }
    for (const text of ['constructor = 1', '__proto__ = 1', 'toString > 0', 'window.alert(1) = 1']) {
      expect(() => names(text), text).toThrow(FilterError);
    }
  });

  it('is words or a refusal, whatever it is', () => {
    for (const text of HOSTILE) {
      for (const whole of [text, `${text} = 1`, `name = ${text}`, `name = '${text}'`, `params.\`${text}\` > 1`]) {
        try {
          const condition = conditionOf(whole, plainly);
          ROWS.forEach(one => condition?.(one));
        } catch (problem) {
          expect(problem).toBeInstanceOf(FilterError);
        }
      }
    }
    expect((window as { __pwned?: unknown }).__pwned).toBeUndefined();
  });

  it('does not take for ever over many wildcards', () => {
    const long = row(1, { name: 'a'.repeat(5_000) });
    expect(parseFilter(`name like '${'%a'.repeat(200)}%b'`, plainly)(long)).toBe(false);
  });

  it('shows hidden characters of what was typed', () => {
    expect(() => conditionOf('name = 1 \u202egnp', plainly)).toThrow('at “\ufffdgnp”');
  });
});

describe('words', () => {
  it('are looked for in name, number, experiment, status, tags and parameters', () => {
    expect(names('')).toHaveLength(4);
    expect(names('  GOOD ')).toEqual(['good']);
    expect(names('adam completed')).toEqual(['good']);
    expect(names('who me')).toEqual(['failed']);
    expect(names('other #2')).toEqual(['odd (50%)']);
    expect(names('lr 0.5')).toEqual(['bad']);
    expect(names('nothing like this')).toEqual([]);
  });

  it('are told from expressions by a sign or a group', () => {
    expect(['status', 'my run', 'and', '(x)', 'is it'].map(isExpression)).toEqual(Array(5).fill(false));
    expect(['a=b', 'metrics.acc', 'not params.x', 'reason is null', 'not (name like %x)', '( tag.y'].map(isExpression)).toEqual(Array(6).fill(true));
  });
});
