import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import entry from '../../../src/screens/dataset/index';
import { widgetOf } from '../../../src/widget/widget';
import { dataset, pageOf } from './scene_data';
import { Model } from '../../widget/model';

let model: Model;
let el: HTMLElement;
const lastAsk = (): { ask: number; kind: string; question: unknown } =>
  model.sent.filter(({ ask }) => ask).at(-1) as never;

beforeEach(() => {
  vi.useFakeTimers();
  model = new Model();
  model.values['_snapshot'] = { version: 1, workspace: 'w', view: JSON.stringify(dataset()) };
  el = document.createElement('div');
});
afterEach(() => vi.useRealTimers());

/** Shows the widget, once its code has come. */
async function render(): Promise<() => void> {
  const end = widgetOf(entry).render({ model, el });
  await vi.dynamicImportSettled();
  return end;
}

describe('the widget of a dataset', () => {
  it('draws its snapshot, and follows nothing', async () => {
    const end = await render();
    expect(el.querySelector('h2')!.textContent).toBe('people');
    expect(model.hellos).toEqual([]);
    end();
    expect(el.childNodes).toHaveLength(0);
    expect(model.count).toBe(0);
  });

  it('asks the kernel', async () => {
    await render();
    el.querySelector<HTMLElement>('[role=columnheader][aria-sort]')!.click();
    expect(lastAsk()).toMatchObject({
      kind: 'dataset_rows',
      question: { dataset: 'id-2', offset: 0, limit: 100, sort: 'age', descending: false }
    });
    model.say({ answer: lastAsk().ask, value: pageOf({ dataset: 'id-2', offset: 0, limit: 2 }) });
    await vi.advanceTimersByTimeAsync(500);
    expect(el.querySelector('[aria-sort=ascending]')).not.toBeNull();
  });

  it('waits longer for a profile than for what is at hand', async () => {
    await render();
    el.querySelectorAll<HTMLElement>('[role=tab]')[1]!.click();
    [...el.querySelectorAll('button')]
      .find(({ textContent }) => textContent === 'Exact counts')!
      .click();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(el.textContent).not.toContain('could not be counted');
    model.say({ answer: lastAsk().ask, error: 'The store is away.' });
    await vi.advanceTimersByTimeAsync(500);
    expect(el.textContent).toContain('The columns could not be counted: The store is away.');
  });

  it('that is damaged says so', async () => {
    model.values['_snapshot'] = { version: 1 };
    await render();
    expect(el.textContent).toContain('This output is damaged');
  });
});
