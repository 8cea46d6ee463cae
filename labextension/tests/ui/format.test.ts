import { describe, expect, it } from 'vitest';
import { exactText, oneLine, plainText, printable } from '../../src/ui/format';

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
});

describe('values to copy', () => {
  it.each([
    [1_234_567, '1234567', '1234567'],
    [1234.567, '1235', '1234.567'],
    [0.123456789, '0.1235', '0.123456789'],
    [1e21, '1e21', '1e21'],
    ['9007199254740992', '9007199254740992', '9007199254740992'],
    ['1,5', '1,5', '1,5'],
    [true, 'True', 'True'],
    [null, '', '']
  ])('%s has no separators', (value, plain, exact) => {
    expect([plainText(value), exactText(value)]).toEqual([plain, exact]);
  });
});
