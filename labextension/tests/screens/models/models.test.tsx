import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import entry from '../../../src/screens/models';
import { columnsOf, textOf } from '../../../src/screens/models/columns';
import { ModelRows } from '../../../src/screens/models/rows';
import { mount } from '../../../src/screens/models/screen';
import type { ModelsView, Questions } from '../../../src/contract.gen';
import type { Host } from '../../../src/ui/host';
import type { Mounted } from '../../../src/ui/screen';
import { settle, TestHost } from '../run/scene';
import { models, P, row } from './sample';

let parent: HTMLElement;
let host: TestHost;
let mounted: Mounted;

const ROWS = [row(), row({ name: 'iris', version: 11, metrics: {}, size: 9, aliases: [] })];

async function show(
  view: ModelsView,
  answer: (question: Questions['models']) => ModelsView | Promise<ModelsView> = () => view,
  more: Partial<Host> = {}
): Promise<void> {
  host = Object.assign(new TestHost({ models: answer }), more);
  mounted = mount(parent, { version: 1, workspace: 'ws', view }, host);
  await settle();
}

const find = (selector: string): HTMLElement => parent.querySelector<HTMLElement>(selector)!;
const lines = (): string[] =>
  [...parent.querySelectorAll('.aml-rows [role=row]')].map(line => line.textContent ?? '');

async function type(words: string): Promise<void> {
  const box = find('.aml-filter') as HTMLInputElement;
  box.value = words;
  box.dispatchEvent(new Event('input', { bubbles: true }));
  await vi.advanceTimersByTimeAsync(600);
}

beforeEach(() => {
  vi.useFakeTimers();
  parent = document.createElement('div');
  document.body.append(parent);
});
afterEach(async () => {
  await settle();
  mounted.dispose();
  parent.remove();
  vi.useRealTimers();
});

describe('the table of models', () => {
  it('has a row a model, and asks for what there is now', async () => {
    await show(models(ROWS.slice(0, 1)), () => models(ROWS));
    expect(host.questions('models')).toEqual([
      { name: '', filter: '', sort: '', descending: false, offset: 0, limit: 100 }
    ]);
    expect(find('[role=status].aml-count').textContent).toBe('2 models');
    const text = lines().join('\n');
    for (const words of ['digits', '0.91', 'champion → 2, Production', '2.0 kB', 'iris', 'ada']) {
      expect(text).toContain(words);
    }
  });

  it('is filtered by the host, which says what it cannot read', async () => {
    await show(models(ROWS), ({ filter }) => {
      if (filter === 'bogus = 1') {
        throw new Error('Models have no field');
      }
      return models(filter ? ROWS.slice(0, 1) : ROWS, { filter: filter ?? '', total: 2 });
    });
    await type('metrics.accuracy > 0.9');
    expect(find('.aml-count').textContent).toBe('1 of 2 models');
    expect(lines()).toHaveLength(1);
    await type('bogus = 1');
    expect(find('[role=alert]').textContent).toBe('Models have no field');
    expect(find('.aml-filter').getAttribute('aria-invalid')).toBe('true');
    expect(lines()).toHaveLength(1);
    await type('');
    expect(find('[role=alert]').textContent).toBe('');
    expect(lines()).toHaveLength(2);
  });

  it('opens a model in a tab, or below where there are none', async () => {
    const open = vi.fn();
    await show(models(ROWS), undefined, { open });
    find('.aml-rows .aml-open').click();
    expect(open).toHaveBeenCalledWith({ kind: 'model', model: 'digits:2' });
    find('.aml-run-name-button').click();
    expect(open).toHaveBeenCalledWith({ kind: 'run', run: 'run-1-long' });
    mounted.dispose();

    const embed = vi.fn<(...given: unknown[]) => { dispose: () => void }>(() => ({
      dispose: vi.fn()
    }));
    await show(models(ROWS), undefined, { embed });
    find('.aml-rows .aml-open').click();
    await settle();
    expect(embed.mock.calls[0]![1]).toEqual({ kind: 'model', model: 'digits:2' });
    expect(find('.aml-drawer h3').textContent).toBe('Model digits:2');
    find('.aml-close').click();
    await settle();
    expect(find('.aml-drawer').childElementCount).toBe(0);
  });

  it('says what there is where nothing is', async () => {
    await show(models([]));
    expect(parent.textContent).toContain('There are no models yet');
    mounted.dispose();
    await show(models([], { total: 3, filter: 'x' }));
    expect(parent.textContent).toContain('No model meets the filter.');
  });

  it('keeps what it has while nobody answers, and takes a newer snapshot then', async () => {
    await show(models(ROWS), () => {
      throw new Error('away');
    });
    expect(lines()).toHaveLength(2);
    mounted.update({ version: 1, workspace: 'ws', view: models(ROWS.slice(0, 1)) });
    await settle();
    expect(lines()).toHaveLength(1);
  });

  it('shows names as text', async () => {
    await show(models([row({ name: P, description: P, framework: P, author: P, run_name: P })]));
    expect(parent.querySelector('img')).toBeNull();
    expect(lines()[0]).toContain(P);
  });
});

describe('columns', () => {
  const t = (text: string): string => text;
  const plain = { t } as unknown as Host;

  it('of the versions of a name leave the name out', () => {
    const columns = columnsOf('digits', ['accuracy'], plain);
    expect(columns.map(({ key }) => key).slice(0, 3)).toEqual([
      'version',
      'aliases',
      'metrics.accuracy'
    ]);
    expect(textOf(columns[0]!, row())).toBe('v2');
  });
});

describe('many models', () => {
  const ALL = Array.from({ length: 250 }, (_, at) =>
    row({ name: `m${at}`, metrics: at < 200 ? { accuracy: at } : { loss: at } })
  );
  const page = ({ offset = 0, sort = '', descending = false, filter = '' }): ModelsView => {
    const rows = (descending ? [...ALL].reverse() : ALL).slice(offset, offset + 100);
    const metrics = [...new Set(rows.flatMap(each => Object.keys(each.metrics)))];
    return models(rows, {
      ...{ offset, sort, descending, filter, metrics },
      count: 250,
      total: 250
    });
  };

  it('come in pages, and columns with them', async () => {
    await show(models(ALL.slice(0, 20), { count: 250, total: 250 }), page);
    expect(find('.aml-count').textContent).toBe('250 models');
    expect(find('[role=grid]').getAttribute('aria-rowcount')).toBe('251');

    const changed = vi.fn();
    const rows = new ModelRows(host, page({}), true, changed);
    rows.pages.want(180, 240);
    await vi.advanceTimersByTimeAsync(100);
    expect([rows.pages.row(230)?.name, rows.metrics]).toEqual(['m230', ['accuracy', 'loss']]);
    expect(changed).toHaveBeenCalled();
    expect(await rows.ask('x')).toBe('taken');
    expect([rows.metrics, rows.pages.row(230)]).toEqual([['accuracy'], undefined]);
    const [first, second] = [rows.ask('y'), rows.ask('z')];
    expect([await first, await second, rows.pages.query.filter]).toEqual(['late', 'taken', 'z']);
    rows.stop();
  });

  it('are sorted by the host, which says what it cannot do', async () => {
    let isAway = false;
    await show(models(ALL.slice(0, 20)), question => {
      if (isAway) {
        throw new Error('away');
      }
      return page(question);
    });
    const head = (): HTMLElement => find('.aml-heads [role=columnheader]:nth-of-type(2)');
    const click = async (): Promise<void> => {
      (head().querySelector('button') ?? head()).click();
      await settle();
    };
    await click();
    await click();
    expect(host.questions('models').slice(-2)).toMatchObject([
      { sort: 'version', descending: false },
      { sort: 'version', descending: true }
    ]);
    expect(head().getAttribute('aria-sort')).toBe('descending');
    isAway = true;
    await click();
    expect(find('[role=alert]').textContent).toBe('away');
    expect(head().getAttribute('aria-sort')).toBe('descending');
  });

  it('of which only a few were kept are said to be more', async () => {
    await show(models(ALL.slice(0, 20), { count: 250, total: 250 }), () => {
      throw new Error('away');
    });
    expect(find('.aml-count').textContent).toBe('250 models, the first 20 shown');
    expect(find('[role=grid]').getAttribute('aria-rowcount')).toBe('21');
  });
});

it('a command opens it with a name and a filter', () => {
  const { subjectOf } = entry.command!;
  expect(subjectOf({})).toEqual({ kind: 'models' });
  expect(subjectOf({ name: 'a', filter: 5 })).toEqual({ kind: 'models', name: 'a' });
});
