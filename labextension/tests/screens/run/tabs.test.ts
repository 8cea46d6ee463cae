import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mount as mountRun } from '../../../src/screens/run/screen';
import type { Mounted } from '../../../src/ui/screen';
import type { FilePreviewView, GhostView, RunView } from '../../../src/contract.gen';
import { button, done, settle, snapshot, START, TestHost } from './scene';

vi.mock('../../../src/ui/chart/chart', () => ({ Chart: () => null }));

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted;

async function open(
  tab: string,
  answers: TestHost['answers'],
  view: RunView = done(),
  more: Partial<TestHost> & Record<string, unknown> = {}
): Promise<void> {
  host = Object.assign(new TestHost(answers), more);
  mounted = mountRun(parent, snapshot(view), host);
  parent.querySelector<HTMLElement>(`[data-tab=${tab}]`)!.click();
  await settle();
}

const shown = (): HTMLElement => parent.querySelector('[role=tabpanel]:not([hidden])')!;

function preview(fields: Partial<FilePreviewView>): FilePreviewView {
  return {
    name: 'f',
    size: 9,
    media_type: 'text/plain',
    text: null,
    table: null,
    image: null,
    is_whole: true,
    message: '',
    ...fields
  };
}

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  mounted.dispose();
  await settle(); // what is put off must not wait for timers that are gone
  vi.useRealTimers();
  parent.remove();
});

describe('files', () => {
  const files = [
    { name: 'user_logs/std_log.txt', size: 10 },
    { name: 'b.csv', size: 2_000 },
    { name: 'outputs/model.pkl', size: 1 }
  ];

  it('are listed with their sizes, outputs first, with a way to get them', async () => {
    await open('files', {}, done({ files }), {
      fileUrl: (id: string, file: string) => `/get/${id}/${file}`
    });
    expect([...shown().querySelectorAll('tbody th')].map(each => each.textContent)).toEqual([
      'outputs/model.pkl',
      'b.csv',
      'user_logs/std_log.txt'
    ]);
    expect(shown().textContent).toContain('2.0 kB');
    expect(shown().querySelector('a')!.getAttribute('href')).toBe(
      '/get/run-1-long-id/outputs/model.pkl'
    );
    expect(host.asked).not.toHaveBeenCalled();
  });

  it('never become a link that runs something', async () => {
    await open('files', {}, done({ files }), { fileUrl: () => 'javascript:alert(1)' });
    expect(shown().querySelector('a')).toBeNull();
  });

  it.each([
    ['text', preview({ text: 'a line', is_whole: false }), /a line.*This is the beginning of 9 B/],
    [
      'a table',
      preview({ table: { columns: ['col'], rows: [[1.5], [null]], count: 2 } }),
      /col1\.5/
    ],
    ['a message', preview({ message: 'A pickle is never loaded.' }), /A pickle is never loaded/],
    [
      'an image of another kind',
      preview({ media_type: 'image/svg+xml', image: 'PHN2Zz4=' }),
      /There is no preview/
    ],
    [
      'an image that is none',
      preview({ media_type: 'image/png', image: '"><svg>' }),
      /There is no preview/
    ]
  ])('show %s', async (_, answer, words) => {
    await open('files', { preview: () => answer }, done({ files: files.slice(0, 1) }));
    const toggle = button(shown(), 'user_logs/std_log.txt');
    toggle.click();
    await settle();
    expect(toggle.getAttribute('aria-expanded')).toBe('true');
    expect(shown().querySelector('.aml-run-preview')!.textContent).toMatch(words);
    expect(shown().querySelector('img')).toBeNull();
    toggle.click();
    expect(shown().querySelector('.aml-run-preview')).toBeNull();
  });

  it('show images small, and large when one is picked', async () => {
    const image = preview({ media_type: 'image/png', image: 'iVBORw0KGgo=' });
    await open(
      'files',
      { preview: () => image },
      done({ files: [{ name: 'plot.png', size: 9 }], images: ['plot.png', 'lost.png'] })
    );
    const small = shown().querySelector('.aml-run-thumbnails button')!;
    expect(small.querySelector('img')!.src).toBe('data:image/png;base64,iVBORw0KGgo=');
    (small as HTMLElement).click();
    await settle();
    expect(shown().querySelector('.aml-run-preview img')).not.toBeNull();
  });

  it('say why one cannot be looked at, and try again', async () => {
    let isAway = true;
    await open(
      'files',
      { preview: () => (isAway ? Promise.reject(new Error('away')) : preview({ text: 'here' })) },
      done({ files })
    );
    button(shown(), 'b.csv').click();
    await settle();
    expect(shown().textContent).toContain('This cannot be shown: away');
    isAway = false;
    button(shown(), 'Try again').click();
    await settle();
    expect(shown().textContent).toContain('here');
  });
});

describe('snapshot', () => {
  it('has the warnings on top and each part folded', async () => {
    const parts = [
      { name: 'code', title: 'Code', text: 'x = 1\ny = 2' },
      { name: 'git', title: 'Git', text: 'abc' }
    ];
    await open(
      'snapshot',
      { snapshot: () => ({ parts }) },
      done({ warnings: ['Cells ran out of order.'] })
    );
    expect(shown().textContent).toMatch(/^△ Cells ran out of order\./);
    expect(
      [...shown().querySelectorAll('details')].map(each => [
        each.querySelector('summary')!.textContent,
        each.open
      ])
    ).toEqual([
      ['Code', true],
      ['Git', false]
    ]);
    expect(parent.querySelector('[data-tab=snapshot]')!.getAttribute('aria-label')).toBe(
      'Snapshot, 1 warning'
    );
  });

  it('says when it is damaged, and other tabs live', async () => {
    await open('snapshot', { snapshot: () => ({ parts: null }) as never });
    expect(shown().textContent).toContain('This part cannot be shown: ');
    parent.querySelector<HTMLElement>('[data-tab=overview]')!.click();
    expect(shown().textContent).toContain('hello');
  });
});

describe('comparison', () => {
  const other = {
    id: 'r6',
    short_id: 'r6',
    number: 6,
    name: 'n',
    experiment: 'e',
    status: 'Completed',
    elapsed: 1
  };
  const ghosts = (): GhostView[] => [{ role: 'previous', metric: null, run: other, curves: {} }];
  const diff = {
    ...{ first: 'run 6', second: 'run 7' },
    sections: [
      {
        title: 'Parameters',
        changes: [
          { name: 'lr', kind: 'changed' as const, before: 0.1, after: 0.2, verdict: null },
          { name: 'new', kind: 'added' as const, before: null, after: true, verdict: null }
        ]
      }
    ],
    texts: [{ title: 'Code', lines: ['--- a', '+++ b', '@@ -1 +1 @@', ' same', '-old', '+new'] }]
  };

  it('is with the previous run at first, its sides told by sign and colour', async () => {
    await open('compare', { ghosts, diff: () => diff });
    expect(host.questions('diff')).toEqual([{ run: 'r6', other: 'run-1-long-id' }]);
    expect([...shown().querySelectorAll('tbody tr')].map(row => row.textContent)).toEqual([
      '±lr0.10.2',
      '+newTrue'
    ]);
    const kinds = [...shown().querySelectorAll('.aml-diff-line')].map(line =>
      line.className.split('-').at(-1)
    );
    expect(kinds).toEqual(['head', 'head', 'head', 'both', 'old', 'new']);
  });

  it('tells better from worse of a metric, by sign and word as well, and shows lines of both sides in blocks', async () => {
    const metrics = (['better', 'worse', null] as const).map(verdict => ({
      name: `loss ${verdict}`,
      kind: 'changed' as const,
      before: 2,
      after: 1,
      verdict
    }));
    await open('compare', {
      ghosts,
      diff: () => ({ ...diff, sections: [{ title: 'Metrics', changes: metrics }] })
    });
    const signs = [...shown().querySelectorAll('.aml-diff-sign [role=img]')];
    expect(signs.map(sign => [sign.textContent, sign.getAttribute('aria-label')])).toEqual([
      ['✓', 'better'],
      ['✗', 'worse'],
      ['±', 'changed']
    ]);
    expect([...shown().querySelectorAll('tbody tr')].map(row => row.className)).toEqual([
      'aml-diff-better',
      'aml-diff-worse',
      'aml-diff-changed'
    ]);
    expect(
      [...shown().querySelectorAll('.aml-diff-block')].map(block => block.textContent)
    ).toEqual(['--- a\n+++ b\n', '@@ -1 +1 @@\n', ' same\n', '-old\n+new\n']);
  });

  it('is with any run that is named', async () => {
    await open('compare', { ghosts: () => [], diff: () => ({ ...diff, sections: [], texts: [] }) });
    expect(shown().textContent).toContain('No run came before this one');
    const input = shown().querySelector('input')!;
    input.value = ' abc ';
    input.dispatchEvent(new Event('input'));
    button(shown(), 'Compare').click();
    await settle();
    expect(host.questions('diff')).toEqual([{ run: 'abc', other: 'run-1-long-id' }]);
    expect(shown().textContent).toContain('The two runs are alike.');
  });

  it('opens both beside each other where the host can', async () => {
    const openScreen = vi.fn();
    await open('compare', { ghosts, diff: () => diff }, done(), { open: openScreen });
    button(shown(), 'Beside each other').click();
    await settle();
    expect(openScreen).toHaveBeenCalledWith({ kind: 'compare', runs: ['run-1-long-id', 'r6'] });
  });
});
