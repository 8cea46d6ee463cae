import { describe, expect, it } from 'vitest';
import {
  agoText,
  bytesText,
  exactText,
  extentOf,
  isWord,
  momentText,
  nameOf,
  numberText,
  oneLine,
  plainText,
  printable,
  secondsText,
  toNumber,
  valueText,
  wordsOf
} from '../../src/ui/format';
import { plainly } from '../../src/ui/host';

describe('text', () => {
  it.each([
    '👩\u200d👩\u200d👧',
    '🏳️\u200d🌈',
    '🇫🇷',
    '🏴\u{e0067}\u{e0062}\u{e007f}',
    'می\u200cخواهم',
    'שלום'
  ])('%s keeps the letters that join others', text => {
    expect(oneLine(text)).toBe(text);
    expect(printable(text)).toBe(text);
  });

  it('shows what turns the text around it, and what controls a terminal', () => {
    for (const code of [0x00, 0x08, 0x1b, 0x7f, 0x9f, 0x202a, 0x202e, 0x2066, 0x2069]) {
      expect(printable(`a${String.fromCodePoint(code)}b`)).toBe('a\ufffdb');
    }
    expect(oneLine(' a\n\tb ')).toBe('a b');
  });

  it('that has lines keeps them, and its tabs', () => {
    expect(printable('a\n\tb\r\n')).toBe('a\n\tb\ufffd\n');
  });
});

describe('values to copy', () => {
  it.each([
    [1_234_567, '1234567', '1234567'],
    [1234.567, '1235', '1234.567'],
    [0.123456789, '0.1235', '0.123456789'],
    [1e21, '1e21', '1e21'],
    [-0, '-0', '0'],
    ['9007199254740992', '9007199254740992', '9007199254740992'],
    ['1,5', '1,5', '1,5'],
    [true, 'True', 'True'],
    [null, '', ''],
    [undefined, '', '']
  ])('%s has no separators', (value, plain, exact) => {
    expect([plainText(value), exactText(value)]).toEqual([plain, exact]);
  });
});

describe('numbers', () => {
  it.each([
    [0, '0'],
    [-0, '-0'],
    [0.9473, '0.9473'],
    [0.947312, '0.9473'],
    [-12.3456, '-12.35'],
    [999.94, '999.9'],
    [1_000, '1,000'],
    [-1_234_567, '-1,234,567'],
    [1_234.5, '1,235'],
    [9_999_999_999, '9,999,999,999'],
    [1e10, '1e10'],
    [1.2e-5, '1.2e-5'],
    [0.0001, '0.0001'],
    [0.00009999, '9.999e-5'],
    [5e-324, '4.941e-324'],
    [-1.7976931348623157e308, '-1.798e308'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity']
  ])('%d is read as %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });

  it('have as many digits as are wanted', () => {
    expect([numberText(0.123456789, 6), numberText(1.23456e-7, 2)]).toEqual(['0.123457', '1.2e-7']);
  });

  it.each([
    [1.5, 1.5],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
    ['-9007199254740993', -9007199254740992],
    ['0x1F', 31],
    ['NaN', NaN],
    ['1.5', NaN],
    ['', NaN],
    ['12 apples', NaN],
    [true, NaN],
    [null, NaN],
    [undefined, NaN]
  ])('%j stands for %d', (value, number) => {
    expect(toNumber(value)).toBe(number);
  });

  it('are told from words', () => {
    expect(['adam', true, false, '', '1.5'].map(isWord)).toEqual([true, true, true, true, true]);
    expect([1, 'NaN', 'Infinity', '9007199254740993', null, undefined].map(isWord)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false
    ]);
  });

  it('span what is finite of them', () => {
    expect(extentOf([3, NaN, -1, Infinity, 2])).toEqual([-1, 3]);
    expect(extentOf(new Set([NaN]))).toEqual([Infinity, -Infinity]);
  });

  it('and other values are written as Python does', () => {
    expect([true, false, 1_234, 'x', null, undefined].map(valueText)).toEqual([
      'True',
      'False',
      '1,234',
      'x',
      '',
      ''
    ]);
  });
});

describe('durations', () => {
  it.each([
    [null, ''],
    [NaN, ''],
    [Infinity, ''],
    [0, '0 ms'],
    [0.0124, '12 ms'],
    [0.9994, '999 ms'],
    [0.9996, '1.0 s'],
    [1.25, '1.3 s'],
    [59.94, '59.9 s'],
    [59.96, '1 min 00 s'],
    [184, '3 min 04 s'],
    [3_599.4, '59 min 59 s'],
    [3_599.6, '1 h 00 min'],
    [7_500, '2 h 05 min'],
    [86_399.6, '1 d 00 h'],
    [284_400, '3 d 07 h'],
    [86_400 * 400, '400 d 00 h']
  ])('%d seconds are read as %s', (seconds, text) => {
    expect(secondsText(seconds)).toBe(text);
  });
});

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_951, '1.0 MB'],
    [1.4e9, '1.4 GB'],
    [2.5e12, '2.5 TB'],
    [1e15, '1.0 PB'],
    [1.5e18, '1500.0 PB']
  ])('%d bytes are read as %s', (size, text) => {
    expect(bytesText(size)).toBe(text);
  });
});

describe('moments', () => {
  it('are in the zone of the reader, whichever they are written in', () => {
    const texts = [
      '2024-05-01T10:00:00Z',
      '2024-05-01T12:00:00+02:00',
      '2024-05-01T05:30:00-04:30'
    ];
    expect(new Set(texts.map(momentText)).size).toBe(1);
    expect(momentText(texts[0]!)).toContain('2024');
  });

  it('that are none are shown as they are, and nothing for nothing', () => {
    expect([momentText(null), momentText('yesterday'), momentText('')]).toEqual([
      '',
      'yesterday',
      ''
    ]);
  });

  const now = Date.parse('2024-05-31T12:00:00Z');
  it.each([
    ['2024-05-31T12:00:30Z', 'just now'],
    ['2024-05-31T11:59:01Z', 'just now'],
    ['2024-05-31T11:59:00Z', '1 min ago'],
    ['2024-05-31T13:01:00+02:00', '59 min ago'],
    ['2024-05-31T11:00:00Z', '1 h ago'],
    ['2024-05-29T12:00:01Z', '47 h ago'],
    ['2024-05-29T12:00:00Z', '2 d ago'],
    ['2024-04-30T12:00:01Z', '30 d ago'],
    ['not a moment\n', 'not a moment'],
    [null, '']
  ])('%s is %s', (iso, text) => {
    expect(agoText(iso, now, plainly)).toBe(text);
  });

  it('of another month are their dates', () => {
    expect(agoText('2023-01-15T12:00:00Z', now, plainly)).toContain('2023');
  });
});

describe('a name', () => {
  const named = (name: string): string => nameOf({ name, short_id: 'r1' });

  it('is on one line, and an id where it is empty', () => {
    expect([named(' a\nb '), named(' \n'), named('<b>')]).toEqual(['a b', 'r1', '<b>']);
  });

  it('is cut beyond sixty letters, and never within one', () => {
    expect(named('x'.repeat(60))).toBe('x'.repeat(60));
    expect(named('x'.repeat(61))).toBe(`${'x'.repeat(59)}…`);
    const cut = named('😀'.repeat(80));
    expect(cut).toBe(`${'😀'.repeat(59)}…`);
    expect(named(`${'x'.repeat(58)}👩\u200d👧 and more`)).not.toMatch(/\u200d…$/);
  });
});

it('the words of what was thrown are those of the error, or the thing itself', () => {
  expect([wordsOf(new TypeError('No.')), wordsOf('text'), wordsOf(null)]).toEqual([
    'No.',
    'text',
    'null'
  ]);
});
