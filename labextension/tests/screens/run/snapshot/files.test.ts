import { describe, expect, it, vi } from 'vitest';
import type { FilePreviewView, RunView } from '../../../../src/contract.gen';
import {
  button,
  done,
  findAll,
  host,
  mounted,
  open,
  openTab,
  settle,
  shown,
  snapshot
} from '../run_page';

vi.mock('../../../../src/ui/chart/chart', () => ({ Chart: () => null }));

const PNG = 'iVBORw0KGgo=';

function preview(fields: Partial<FilePreviewView> = {}): FilePreviewView {
  return {
    ...{ name: 'a.txt', size: 9, media_type: 'text/plain', text: null, table: null, image: null },
    ...{ is_whole: true, message: '' },
    ...fields
  };
}

const of = (...names: string[]): RunView =>
  done({ files: names.map(name => ({ name, size: 2_000 })) });
const names = (): string[] =>
  findAll('[role=tabpanel] tbody th button').map(one => one.textContent);

async function files(
  view: RunView,
  answers: Parameters<typeof open>[1] = {},
  more: Parameters<typeof open>[2] = {}
): Promise<void> {
  await open(view, answers, more);
  await openTab('files');
}

describe('the files of a run', () => {
  it('are in an order that does not change: outputs, others, logs, each by name', async () => {
    await files(
      of('logs/a', 'b', 'system_logs/x', 'outputs/z', 'a', 'azureml-logs/y', 'outputs/m')
    );
    expect(names()).toEqual([
      ...['outputs/m', 'outputs/z', 'a', 'b'],
      ...['azureml-logs/y', 'logs/a', 'system_logs/x']
    ]);
  });

  it('say so where there are none', async () => {
    await files(done());
    expect(shown().textContent).toBe('This run has no files.');
  });

  it('are two hundred at first, and all on request', async () => {
    await files(of(...Array.from({ length: 250 }, (_, at) => `f${at}`)));
    expect(names()).toHaveLength(200);
    button(shown(), 'show 50 more').click();
    await settle();
    expect(names()).toHaveLength(250);
  });

  it('stay text, whatever they are called', async () => {
    await files(of('<img src=x>\n.txt'), {}, { fileUrl: () => 'https://hub.test/f' });
    expect(names()).toEqual(['<img src=x> .txt']);
    expect(shown().querySelector('a')!.getAttribute('aria-label')).toBe(
      'Download <img src=x> .txt'
    );
    expect(shown().querySelector('img')).toBeNull();
  });

  it.each([
    ['https://hub.test/f', true],
    ['/files/f', true],
    ['blob:https://hub.test/1', true],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['http://[', false],
    ['', false]
  ])('have a link to %j: %s', async (url, isLink) => {
    await files(of('f'), {}, { fileUrl: () => url });
    expect(shown().querySelector('a')?.getAttribute('href') ?? null).toBe(isLink ? url : null);
  });

  it('have no link where the host has no address', async () => {
    await files(of('f'));
    expect(shown().querySelector('a')).toBeNull();
  });
});

describe('the look into a file', () => {
  it('opens and closes by its name, and is asked for each time it is opened', async () => {
    await files(of('a.txt'), { preview: () => preview({ text: 'one' }) });
    const name = button(shown(), 'a.txt');
    expect(name.getAttribute('aria-expanded')).toBe('false');
    name.click();
    await settle();
    expect([name.getAttribute('aria-expanded'), shown().querySelector('pre')!.textContent]).toEqual(
      ['true', 'one']
    );
    name.click();
    await settle();
    expect(shown().querySelector('pre')).toBeNull();
    name.click();
    await settle();
    expect(host.questions('preview')).toEqual([
      { run: 'run-1-long-id', file: 'a.txt' },
      { run: 'run-1-long-id', file: 'a.txt' }
    ]);
  });

  it('stays open beside others, and over a look at another tab', async () => {
    await files(of('a.txt', 'b.txt'), { preview: ({ file }) => preview({ text: `in ${file}` }) });
    button(shown(), 'a.txt').click();
    button(shown(), 'b.txt').click();
    await settle();
    await openTab('overview');
    await openTab('files');
    expect(findAll('[role=tabpanel] pre').map(one => one.textContent)).toEqual([
      'in a.txt',
      'in b.txt'
    ]);
  });

  it.each([
    ['a text that goes on', { text: 'x', is_whole: false }, 'xThis is the beginning of 9 B.'],
    ['a text that is empty', { text: '' }, ''],
    ['nothing', {}, 'There is no preview of this file.'],
    ['what only a message says', { message: 'Too <b>large</b>.' }, 'Too <b>large</b>.'],
    ['a message beside a text', { text: 'x', message: 'Cut.', is_whole: false }, 'Cut.x'],
    ['a text of signs', { text: 'a\u0000\u202eb\n' }, 'a\ufffd\ufffdb\n']
  ])('of %s says so', async (_, fields, words) => {
    await files(of('a.txt'), { preview: () => preview(fields) });
    button(shown(), 'a.txt').click();
    await settle();
    expect(shown().querySelector('.aml-run-preview')!.textContent).toBe(words);
  });

  it('is an image with its name, unless it is a drawing that could run something', async () => {
    await files(of('a.png', 'b.svg'), {
      preview: ({ file }) =>
        file === 'a.png'
          ? preview({ name: 'a.png', media_type: 'image/png', image: PNG })
          : preview({ media_type: 'image/svg+xml', image: PNG, text: '<svg onload="x"/>' })
    });
    button(shown(), 'a.png').click();
    button(shown(), 'b.svg').click();
    await settle();
    const images = findAll<HTMLImageElement>('[role=tabpanel] img');
    expect(images.map(one => [one.alt, one.src])).toEqual([
      ['a.png', `data:image/png;base64,${PNG}`]
    ]);
    expect(shown().querySelector('pre')!.textContent).toBe('<svg onload="x"/>');
  });

  it('is a table that keys scroll', async () => {
    const table = { columns: ['x', '<b>'], rows: [[1, '</td>']], count: 1 };
    await files(of('a.csv'), { preview: () => preview({ name: 'a.csv', table, text: 'raw' }) });
    button(shown(), 'a.csv').click();
    await settle();
    const region = shown().querySelector<HTMLElement>('.aml-run-preview [role=region]')!;
    expect([region.tabIndex, region.getAttribute('aria-label')]).toEqual([0, 'a.csv']);
    expect(region.querySelector('td:last-child')!.textContent).toBe('</td>');
    expect(shown().querySelector('pre')).toBeNull();
  });

  it('that comes late is none of the run that is shown then', async () => {
    let arrive = (): void => undefined;
    await files(of('a.txt'), {
      preview: () => new Promise(ready => (arrive = () => ready(preview({ text: 'late' }))))
    });
    button(shown(), 'a.txt').click();
    await settle();
    expect(shown().querySelector('[aria-busy]')!.textContent).toBe('Loading…');
    mounted.update(snapshot(done({ id: 'other' })));
    arrive();
    await settle();
    expect(document.body.textContent).not.toContain('late');
  });
});

describe('the images of a run', () => {
  const images = (...all: string[]): RunView => ({ ...of(...all), images: all });

  it('have their names until they come, and where they cannot be had', async () => {
    await files(images('a.png', 'b.png'), {
      preview: ({ file }) =>
        file === 'a.png'
          ? preview({ media_type: 'image/png', image: PNG })
          : Promise.reject(new Error('away'))
    });
    const small = findAll('.aml-run-thumbnails button');
    expect(small.map(one => one.textContent)).toEqual(['', 'b.png']);
    expect(small[0]!.querySelector('img')!.alt).toBe('a.png');
  });

  it('lead to the file by a click, which opens it and takes the focus', async () => {
    await files(images('a.png'), {
      preview: () => preview({ media_type: 'image/png', image: PNG })
    });
    findAll('.aml-run-thumbnails button')[0]!.click();
    await settle();
    const name = button(shown().querySelector('tbody')!, 'a.png');
    expect(document.activeElement).toBe(name);
    expect(name.getAttribute('aria-expanded')).toBe('true');
  });

  it('that are no files of the run are left out', async () => {
    await files({ ...of('a.txt'), images: ['gone.png'] });
    expect(shown().querySelector('.aml-run-thumbnails')).toBeNull();
    expect(host.questions('preview')).toEqual([]);
  });

  it('are twenty-four at first', async () => {
    await files(images(...Array.from({ length: 30 }, (_, at) => `${at}.png`)), {
      preview: () => preview()
    });
    expect(findAll('.aml-run-thumbnails button')).toHaveLength(24);
  });
});
