import { describe, expect, it, vi } from 'vitest';
import { HOSTILE } from '../runs/sample';
import {
  cell,
  column,
  dataset,
  findAll,
  mount,
  parent,
  tab,
  text,
  type,
  use,
  version,
  wait
} from './scene';

describe('hostile text', () => {
  it.each(HOSTILE)('%j stays text in every field', async words => {
    const of = column(words, words, {
      low: words,
      high: words,
      top: [[words, 3]],
      quantiles: [[0.5, words]]
    });
    const texts = column(`${words} `, 'string', {
      histogram: null,
      top: [
        [words, 3],
        [words, 2]
      ]
    });
    const view = dataset({
      ...{
        id: words,
        name: words,
        format: words,
        description: words,
        tags: { [words]: words },
        created: words,
        fingerprint: words
      },
      ...{
        sources: [words],
        steps: [words],
        columns: [of, texts],
        head: { columns: [words, `${words} `], rows: [[words, words]], count: 1 }
      },
      ...{
        rows: 1,
        notices: [words],
        problem: words,
        uses: [
          use(1, {
            run: words,
            run_name: words,
            experiment: words,
            status: words,
            role: words,
            name: words
          })
        ]
      },
      ...{
        versions: [
          version(2, { id: words, created: words, fingerprint: words, description: words }),
          version(1)
        ]
      }
    });
    const change = { name: words, before: of, after: of, changes: [words] };
    const diff = { before: 1, after: 2, rows_before: 1, rows_after: 1, columns: [change] };
    mount(
      view,
      { dataset_diff: () => diff, dataset_rows: () => Promise.reject(new Error(words)) },
      { open: vi.fn(), insert: vi.fn() }
    );
    type('a > 1');
    await wait();
    cell(0, 0).focus();
    for (const title of ['Columns', 'Versions', 'Runs', 'Rows']) {
      tab(title);
      await wait();
    }
    for (const fold of parent.querySelectorAll('details')) {
      fold.open = true;
      fold.dispatchEvent(new Event('toggle'));
    }
    expect(
      parent.querySelector(
        'script, iframe, img, object, style, form, math, a, svg:not(.aml-data-histogram)'
      )
    ).toBeNull();
    expect((window as { __pwned?: number }).__pwned).toBeUndefined();
    for (const each of parent.querySelectorAll('*')) {
      expect(
        [...each.attributes].filter(
          ({ name }) => name.startsWith('on') || name === 'href' || name === 'src'
        )
      ).toEqual([]);
    }
    const spoken = [...parent.querySelectorAll('[aria-label], [title]')].map(
      one => `${one.getAttribute('aria-label')} ${one.getAttribute('title')}`
    );
    expect([text(), ...spoken].join('')).not.toMatch(/[\u0000-\u0008\u202e\u2066]/);
  });

  it('is text in the names of files', () => {
    mount(dataset({ kind: 'file', columns: [], paths: HOSTILE }));
    expect(parent.querySelector('script, img, iframe')).toBeNull();
    expect(findAll('[role=tabpanel] li')).toHaveLength(HOSTILE.length);
  });

  it.each(['constructor', '__proto__', 'toString', ''])(
    'of a column named %j does no harm',
    async name => {
      mount(
        dataset({
          columns: [column(name, 'string'), column('b')],
          head: { columns: [name, 'b'], rows: [['x', 1]], count: 1 },
          rows: 1
        })
      );
      expect(cell(0, 0).textContent).toBe('x');
      cell(-1, 0).click();
      tab('Columns');
      await wait();
      expect(findAll('.aml-data-column')).toHaveLength(2);
    }
  );
});
