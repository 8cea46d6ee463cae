import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { imageSource } from '../../src/ui/image';
import { plainly } from '../../src/ui/host';
import { tableElement } from '../../src/ui/metric/logged_table';
import { csvLines, saveCsv, saveFile, tabbedLines } from '../../src/ui/save';
import { textIn, textsIn } from '../../src/ui/screen';
import { savedFiles } from '../saved_files';
import { preview } from './metric/metric_page';

describe('a file that the page makes', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('keeps its address until the browser has surely begun to write it', () => {
    const files = savedFiles();
    saveFile('a.bin', new Blob(['x']));
    expect(files.map(({ name }) => name)).toEqual(['a.bin']);
    vi.advanceTimersByTime(30_000);
    expect(URL.revokeObjectURL).not.toHaveBeenCalled();
    vi.advanceTimersByTime(60_000);
    expect(vi.mocked(URL.revokeObjectURL).mock.calls).toEqual([['blob:0']]);
  });

  it('is not in the page', () => {
    savedFiles();
    saveCsv('a.csv', 'x');
    expect(document.querySelector('a')).toBeNull();
  });

  it('of CSV says what it is, with its letters as they are', async () => {
    const files = savedFiles();
    saveCsv('ü.csv', '\ufeffü,👩\u200d👧\r\n');
    vi.useRealTimers();
    expect([files[0]!.name, files[0]!.type]).toEqual(['ü.csv', 'text/csv;charset=utf-8']);
    expect(await files[0]!.text()).toBe('\ufeffü,👩\u200d👧\r\n');
  });
});

describe('values as CSV', () => {
  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-x', "'-x"],
    ['\tx', "'\tx"],
    ['=a,"b"', '"\'=a,""b"""'],
    ['-Infinity', '-Infinity'],
    ['-9007199254740993', '-9007199254740993'],
    [-1.5, '-1.5'],
    [-0, '-0'],
    [0.1 + 0.2, '0.30000000000000004'],
    [true, 'true'],
    [null, ''],
    [undefined, '']
  ])('%j is written as %s', (value, text) => {
    expect(csvLines([[value, 'end']])).toBe(`${text},end\r\n`);
  });

  it('are none of no lines', () => {
    expect([csvLines([]), csvLines([[]])]).toEqual(['', '\r\n']);
  });

  it('for the clipboard keep each value in its cell', () => {
    expect(
      tabbedLines([
        ['a\tb', 'c\r\nd'],
        ['=1', '']
      ])
    ).toBe('a b\tc d\n=1\t');
  });
});

describe('an image of a file', () => {
  it.each(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/svg+xml'])(
    'of the type %s is shown',
    media_type => {
      expect(imageSource(preview({ media_type }))).toBe(`data:${media_type};base64,AAAA`);
    }
  );

  it.each([
    { media_type: 'text/html' },
    { media_type: 'image/png;x=<b>' },
    { media_type: 'IMAGE/PNG' },
    { image: null },
    { image: '"><script>' },
    { image: 'AA,AA' }
  ])('is not shown where it may be something else: %j', more => {
    expect(imageSource(preview(more))).toBe('');
  });
});

describe('arguments of commands', () => {
  it('are texts where they are, and not empty', () => {
    expect([textIn('a'), textIn(' '), textIn(''), textIn(5), textIn(undefined)]).toEqual([
      'a',
      ' ',
      null,
      null,
      null
    ]);
    expect([
      textsIn(['a', 'b']),
      textsIn(['a', '']),
      textsIn([]),
      textsIn('ab'),
      textsIn([['a']])
    ]).toEqual([['a', 'b'], null, null, null, null]);
  });
});

describe('a sentence of a host without a language', () => {
  it('has its values in their places, as often as they are named', () => {
    expect(plainly('%2 of %1, %2', 3, 'two')).toBe('two of 3, two');
    expect(plainly('100 % of %1', '%2')).toBe('100 % of %2');
    expect(plainly('%1 and %2', 0)).toBe('0 and %2');
    expect(plainly('%1', '$& $1')).toBe('$& $1');
  });
});

it('a logged table for what is not drawn by Preact has its texts as text', () => {
  const node = tableElement({
    columns: ['n', '<b>name</b>'],
    rows: [
      [1, '<img src=x>'],
      ['NaN', null],
      [-0.000012345678, 'x\u202ey']
    ]
  } as never);
  expect(node.querySelector('b, img')).toBeNull();
  expect([...node.querySelectorAll('td')].map(one => one.textContent)).toEqual([
    ...['1', '<img src=x>', 'NaN', '', '-1.23457e-5', 'x\ufffdy']
  ]);
  expect([...node.querySelectorAll('th')].map(one => one.className)).toEqual(['aml-number', '']);
});
