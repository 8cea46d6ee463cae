import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mount as mountRun } from '../../../src/screens/run/screen';
import type { Mounted } from '../../../src/ui/screen';
import type { RunView } from '../../../src/contract.gen';
import { metric, run, settle, snapshot, START, TestHost } from './scene';

const draw = vi.hoisted(() => vi.fn(() => null));
vi.mock('../../../src/ui/chart/chart', () => ({ Chart: draw }));

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted;

function mount(view: RunView, answers: TestHost['answers'] = {}): void {
  host = new TestHost(answers);
  mounted = mountRun(parent, snapshot(view), host);
}

const text = (): string => parent.textContent ?? '';

beforeEach(() => {
  vi.useFakeTimers({ now: START + 5_000 });
  draw.mockClear();
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  mounted.dispose();
  await settle(); // what is put off must not wait for timers that are gone
  vi.useRealTimers();
  parent.remove();
});

describe('damaged data', () => {
  it.each([
    'metrics',
    'params',
    'tags',
    'files',
    'children',
    'datasets',
    'log_tail',
    'warnings',
    'error',
    'name',
    'experiment',
    'reason',
    'status'
  ] as const)('of %s leaves the other parts alive', async field => {
    mount({ ...run(), [field]: field === 'error' ? {} : null });
    host.link('live');
    for (const tab of parent.querySelectorAll<HTMLElement>('[role=tab]')) {
      tab.click();
      await settle();
    }
    parent.querySelector<HTMLElement>('[role=tab]')!.click();
    await settle();
    expect(field === 'tags' || field === 'params' || text().includes('blue')).toBe(true);
    host.tell({ type: 'view', token: '', view: run({ reason: 'whole again' }) });
    await settle();
    expect(text()).toContain('whole again');
    for (const tab of parent.querySelectorAll<HTMLElement>('[role=tab]')) {
      tab.click();
      await settle();
      expect(text()).not.toContain('This part cannot be shown');
    }
    parent.querySelector<HTMLElement>('[role=tab]')!.click();
    expect(text()).toContain('blue');
  });

  it('is named in its place', async () => {
    mount({ ...run(), params: null } as never);
    await settle();
    expect(text()).toMatch(/This part cannot be shown: /);
    expect(text()).toContain('hello');
    expect(draw).toHaveBeenCalled();
  });
});

describe('hostile text', () => {
  const hostile = JSON.parse(readFileSync('../tests/data/hostile_text.json', 'utf8')) as Record<
    string,
    string[]
  >;
  const all = [...hostile.markup!, ...hostile.addresses!, ...hostile.letters!];

  it.each(all)('%j stays text in every field', async words => {
    const view = run({
      ...{
        id: words,
        short_id: words,
        name: words,
        experiment: words,
        status: words,
        reason: words,
        description: words
      },
      ...{
        error: { code: words, message: words, traceback: words },
        params: { [words]: words },
        tags: { [words]: words }
      },
      ...{
        metrics: [
          metric(words, [1, 2], { last: words }),
          metric('t', null, {
            kind: 'table',
            table: { columns: [words], rows: [[words]], count: 1 }
          })
        ]
      },
      ...{
        images: [words],
        files: [{ name: words, size: 1 }],
        warnings: [words],
        log_tail: [words]
      },
      ...{
        children: [
          { id: words, short_id: words, number: 1, name: words, status: words, elapsed: null }
        ]
      },
      ...{
        datasets: [
          {
            role: words,
            label: words,
            mechanism: words,
            id: words,
            name: words,
            version: 1,
            kind: words
          }
        ]
      }
    });
    const preview = {
      name: words,
      size: 1,
      media_type: words,
      text: words,
      table: null,
      image: words,
      is_whole: false,
      message: words
    };
    mount(view, {
      log: () => ({
        file: words,
        files: [words, 'b'],
        start: 0,
        end: 1,
        size: 1,
        lines: [words],
        errors: [0],
        times: [words as unknown as number]
      }),
      preview: () => preview,
      snapshot: () => ({ parts: [{ name: words, title: words, text: words }] }),
      ghosts: () => [
        {
          role: 'previous',
          metric: null,
          curves: {},
          run: {
            id: words,
            short_id: words,
            number: 1,
            name: words,
            experiment: words,
            status: words,
            elapsed: null
          }
        }
      ],
      diff: () => ({
        first: words,
        second: words,
        sections: [
          {
            title: words,
            changes: [{ name: words, kind: 'changed', before: words, after: words, verdict: null }]
          }
        ],
        texts: [{ title: words, lines: [`+${words}`] }]
      })
    });
    Object.assign(host, { fileUrl: () => words });
    host.link('detached', words);
    for (const tab of parent.querySelectorAll<HTMLElement>('[role=tab]')) {
      tab.click();
      await settle();
      parent.querySelectorAll<HTMLElement>('[aria-expanded]').forEach(each => each.click());
      await settle();
      isInert();
    }
  });

  function isInert(): void {
    expect(
      parent.querySelector(
        'script, iframe, object, style, form[action], math, svg:not(.aml-chart *)'
      )
    ).toBeNull();
    expect((window as { __pwned?: number }).__pwned).toBeUndefined();
    for (const each of parent.querySelectorAll('*')) {
      expect([...each.attributes].filter(({ name }) => name.startsWith('on'))).toEqual([]);
      expect(new URL(each.getAttribute('href') ?? '', document.baseURI).protocol).toMatch(
        /^https?:$/
      );
      expect(each.getAttribute('src') ?? 'data:image/png').toMatch(
        /^data:image\/(?:png|jpeg|gif|webp)/
      );
    }
    expect(text()).not.toMatch(/[\u0000-\u0008\u202e\u2066]/);
  }
});
