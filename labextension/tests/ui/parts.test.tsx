import { act } from 'preact/test-utils';
import { render, type ComponentChildren, type JSX } from 'preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Part } from '../../src/ui/boundary';
import { plainly } from '../../src/ui/host';
import { Store, useStored } from '../../src/ui/store';
import { Tabset, type TabEntry } from '../../src/ui/tabset';

let parent: HTMLElement;
const draw = (what: ComponentChildren): void => void act(() => render(what, parent));

beforeEach(() => {
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  draw(null);
  parent.remove();
  vi.restoreAllMocks();
});

function Fails({ of }: { of: unknown }): JSX.Element {
  if (of !== null) {
    throw of; // eslint-disable-line @typescript-eslint/only-throw-error
  }
  return <b>well</b>;
}

describe('a part that cannot be drawn', () => {
  const logged = (): unknown[][] => vi.mocked(console.error).mock.calls;
  const screen = (of: unknown): void =>
    draw(
      <>
        <i>before</i>
        <Part t={plainly}>
          <Fails of={of} />
        </Part>
        <i>after</i>
      </>
    );

  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
  });

  it('says so in its place, and the rest goes on', () => {
    const problem = new Error('No <b>such</b> thing.');
    screen(problem);
    expect(parent.querySelector('p')!.textContent).toBe(
      'This part cannot be shown: No <b>such</b> thing.'
    );
    expect(parent.querySelectorAll('i')).toHaveLength(2);
    expect(parent.querySelector('b')).toBeNull();
    expect(logged()[0]![1]).toBe(problem);
  });

  it('is tried again with what comes next', () => {
    screen(new Error('once'));
    screen(null);
    expect([parent.querySelector('p'), parent.querySelector('b')!.textContent]).toEqual([
      null,
      'well'
    ]);
    screen(new Error('twice'));
    expect(parent.querySelector('p')!.textContent).toContain('twice');
  });

  it.each([
    ['a text', 'a text'],
    [{ toString: (): string => 'an object' }, 'an object'],
    [new Error('two\nlines \u202eturned'), 'two lines \ufffdturned']
  ])('says what was thrown, whatever it is: %j', (thrown, words) => {
    screen(thrown);
    expect(parent.querySelector('p')!.textContent).toBe(`This part cannot be shown: ${words}`);
  });
});

describe('tabs', () => {
  const changed = vi.fn();
  const entries: TabEntry[] = [
    { id: 'a', title: 'Alpha', draw: () => <em>first</em> },
    { id: 'b', title: 'Beta', note: { text: '(3)', spoken: '3 files' }, draw: () => 'second' },
    {
      id: 'c',
      title: 'Gamma',
      draw: () => {
        throw new Error('broken');
      }
    }
  ];
  const show = (open: string, tabs = entries): void =>
    draw(<Tabset t={plainly} label="Parts" tabs={tabs} open={open} change={changed} />);
  const tabs = (): HTMLElement[] => [...parent.querySelectorAll<HTMLElement>('[role=tab]')];
  const panel = (): HTMLElement => parent.querySelector<HTMLElement>('[role=tabpanel]')!;
  const press = (key: string): boolean =>
    document.activeElement!.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
    );

  beforeEach(() => changed.mockClear());

  it('are a list with a name, of which each names its panel', () => {
    show('b');
    expect(parent.querySelector('[role=tablist]')!.getAttribute('aria-label')).toBe('Parts');
    expect(tabs().map(tab => tab.getAttribute('aria-selected'))).toEqual([
      'false',
      'true',
      'false'
    ]);
    expect(tabs().every(tab => tab.getAttribute('aria-controls') === panel().id)).toBe(true);
    expect(panel().getAttribute('aria-labelledby')).toBe(tabs()[1]!.id);
    expect(panel().textContent).toBe('second');
  });

  it('write a count, and speak it as a sentence', () => {
    show('a');
    expect([tabs()[1]!.textContent, tabs()[1]!.getAttribute('aria-label')]).toEqual([
      'Beta (3)',
      'Beta, 3 files'
    ]);
    expect(tabs()[0]!.getAttribute('aria-label')).toBeNull();
  });

  it('have one in the order of Tab, and others by arrows, round both ends', () => {
    show('a');
    expect(tabs().map(tab => tab.tabIndex)).toEqual([0, -1, -1]);
    tabs()[0]!.focus();
    expect(press('ArrowLeft')).toBe(false);
    expect([changed.mock.lastCall, document.activeElement]).toEqual([['c'], tabs()[2]]);
    show('c');
    press('ArrowRight');
    expect([changed.mock.lastCall, document.activeElement]).toEqual([['a'], tabs()[0]]);
    show('a');
    press('End');
    expect(changed.mock.lastCall).toEqual(['c']);
    show('c');
    press('Home');
    expect(changed.mock.lastCall).toEqual(['a']);
  });

  it('leave other keys to the page', () => {
    show('a');
    tabs()[0]!.focus();
    expect([press('ArrowDown'), press('x'), press('Tab')]).toEqual([true, true, true]);
    expect(changed).not.toHaveBeenCalled();
  });

  it('draw the one that is open alone, and one that fails says so', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    show('c');
    expect(panel().textContent).toBe('This part cannot be shown: broken');
    show('a');
    expect(panel().querySelector('em')!.textContent).toBe('first');
  });

  it('that are not there any more show nothing, and do not fail', () => {
    show('gone');
    expect([panel().textContent, tabs().length]).toEqual(['', 3]);
    show('a', []);
    expect([panel().textContent, tabs().length]).toEqual(['', 0]);
  });

  it('begin anew where another is opened, so that nothing typed in one is in the other', () => {
    const field = (id: string): TabEntry => ({ id, title: id, draw: () => <input /> });
    show('x', [field('x'), field('y')]);
    panel().querySelector('input')!.value = 'typed';
    show('y', [field('x'), field('y')]);
    expect(panel().querySelector('input')!.value).toBe('');
  });
});

describe('a store', () => {
  it('makes a new state of each change, and leaves the others as they are', () => {
    const store = new Store({ count: 1, list: [1] });
    const before = store.state;
    store.set({ count: 2 });
    store.set(({ count }) => ({ count: count * 10 }));
    expect([before.count, store.state.count]).toEqual([1, 20]);
    expect(store.state.list).toBe(before.list);
  });

  it('tells all that listen, also where one of them leaves while it is told', () => {
    const store = new Store({ count: 0 });
    const told: string[] = [];
    const end = store.subscribe(() => {
      told.push('one');
      end();
    });
    store.subscribe(() => told.push('other'));
    store.set({ count: 1 });
    store.set({ count: 2 });
    expect(told).toEqual(['one', 'other', 'other']);
  });

  it('draws a component at each change, until it goes', () => {
    const store = new Store({ count: 0 });
    let draws = 0;
    function Count(): JSX.Element {
      draws += 1;
      return <b>{useStored(store).count}</b>;
    }
    draw(<Count />);
    void act(() => store.set({ count: 5 }));
    expect(parent.textContent).toBe('5');
    draw(null);
    const before = draws;
    void act(() => store.set({ count: 6 }));
    expect(draws).toBe(before);
  });

  it('draws what another store holds once that is given', () => {
    const [one, other] = [new Store({ count: 1 }), new Store({ count: 2 })];
    const Count = ({ store }: { store: typeof one }): JSX.Element => (
      <b>{useStored(store).count}</b>
    );
    draw(<Count store={one} />);
    draw(<Count store={other} />);
    void act(() => one.set({ count: 10 }));
    expect(parent.textContent).toBe('2');
    void act(() => other.set({ count: 20 }));
    expect(parent.textContent).toBe('20');
  });
});
