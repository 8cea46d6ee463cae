import { describe, expect, it } from 'vitest';
import type { ModelVersionView } from '../../../src/contract.gen';
import { model, models, P, row } from '../models/sample';
import { button } from '../run/scene';
import { choose, find, host, parent, show, tab, text } from './scene';

const many = (count: number): ModelVersionView[] =>
  Array.from({ length: count }, (_, place) => ({
    ...{ version: count - place, aliases: [], stage: '' }
  }));
const options = (): string[] =>
  [...parent.querySelectorAll('header select option')].map(one => one.textContent ?? '');
const alike = { first: '', second: '', sections: [], texts: [] };

describe('the versions to pick', () => {
  it('are named with their aliases, the newest first', async () => {
    await show();
    expect(options()).toEqual(['3 (newest)', '2 @champion', '1']);
  });

  it('are there once somebody comes near, where there are very many', async () => {
    await show(model({ versions: many(1_000) }));
    expect(options()).toEqual(['2']);
    find('header select').dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
    await choose('header select', '2');
    expect(options()).toHaveLength(1_000);
  });

  it('name the version that is shown although it is not among them', async () => {
    await show(model({ version: 9 }));
    expect(options()[0]).toBe('9');
  });

  it('are none where there is one', async () => {
    await show(model({ versions: many(1), version: 1 }));
    expect(parent.querySelector('header select')).toBeNull();
    expect(text('header')).toContain('version 1');
    await tab('versions');
    expect(text('[role=tabpanel]')).toContain('There is no other version to compare with.');
  });
});

describe('what changed', () => {
  const changed = {
    ...alike,
    sections: [
      {
        title: 'Metrics',
        changes: [
          { name: P, kind: 'changed', before: 0.5, after: 0.75, verdict: 'better' },
          { name: 'loss', kind: 'added', before: null, after: 2, verdict: null }
        ]
      }
    ],
    texts: [{ title: 'score.py', lines: ['--- a', '+++ b', '@@ -1 +1 @@', '-x = 1', '+x = 2'] }]
  };

  it('is told of figures and of code, as text', async () => {
    await show(model(), {
      models: () => models([row()], { name: 'digits' }),
      model_diff: () => changed as never
    });
    await tab('versions');
    const words = text('[role=tabpanel]');
    for (const one of ['Metrics', P, '0.75', 'score.py', 'x = 2']) {
      expect(words).toContain(one);
    }
    expect(parent.querySelector('img')).toBeNull();
    expect(parent.querySelector('[aria-label=better]')).toBeTruthy();
  });

  it('is asked for anew from another version', async () => {
    await show(model(), {
      models: () => models([row()], { name: 'digits' }),
      model_diff: () => alike
    });
    await tab('versions');
    await choose('.aml-model-changes select', '3');
    expect(host.questions('model_diff')).toEqual([
      { model: 'digits:1', other: 'digits:2' },
      { model: 'digits:3', other: 'digits:2' }
    ]);
  });

  it('says why it cannot be told, and tries again', async () => {
    let isAway = true;
    await show(model(), {
      models: () => models([row()], { name: 'digits' }),
      model_diff: () => {
        if (isAway) {
          throw new Error('the store is away');
        }
        return alike;
      }
    });
    await tab('versions');
    expect(text('[role=tabpanel]')).toContain('This cannot be shown: the store is away');
    isAway = false;
    button(parent, 'Try again').click();
    await choose('.aml-model-changes select', '1');
    expect(text('[role=tabpanel]')).toContain('The two versions are alike.');
  });
});
