import { act } from 'preact/test-utils';
import { render, type ComponentChildren } from 'preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Asked,
  Button,
  Checkbox,
  Fold,
  Glyph,
  Limited,
  LinkLine,
  Message,
  Picker,
  Status
} from '../../src/ui/controls';
import { plainly, type Link } from '../../src/ui/host';

let parent: HTMLElement;
const draw = (what: ComponentChildren): void => void act(() => render(what, parent));
const find = <E extends HTMLElement>(selector: string): E => parent.querySelector<E>(selector)!;
const settle = (work: () => void): Promise<void> =>
  act(async () => {
    work();
    await Promise.resolve();
  });

beforeEach(() => {
  parent = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  draw(null);
  parent.remove();
});

describe('a control', () => {
  it('that is disabled keeps the focus and does nothing', () => {
    const click = vi.fn();
    draw(<Button click={click}>Go</Button>);
    const button = find<HTMLButtonElement>('button');
    button.focus();
    button.click();
    draw(
      <Button click={click} isDisabled>
        Go
      </Button>
    );
    find('button').click();
    expect([click.mock.calls.length, document.activeElement]).toEqual([1, button]);
    expect([button.getAttribute('aria-disabled'), button.disabled]).toEqual(['true', false]);
  });

  it('in a form does not send it', () => {
    const sent = vi.fn((event: Event) => event.preventDefault());
    draw(
      <form onSubmit={sent}>
        <Button click={() => undefined}>Go</Button>
      </form>
    );
    find('button').click();
    expect(sent).not.toHaveBeenCalled();
  });

  it('to tick says what it became', () => {
    const change = vi.fn();
    draw(
      <Checkbox isOn={false} change={change}>
        Shown
      </Checkbox>
    );
    find('label').click();
    expect(change.mock.calls).toEqual([[true]]);
  });

  it('to pick from writes hostile names as text, on one line, and tells the value', () => {
    const change = vi.fn();
    const options = [
      ['', 'none'],
      ['<i>', '<i>a\n\u202eb</i>']
    ] as const;
    draw(<Picker label="By" options={options} value="" change={change} />);
    const select = find<HTMLSelectElement>('select');
    expect([...select.options].map(one => one.textContent)).toEqual(['none', '<i>a \ufffdb</i>']);
    select.value = '<i>';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    expect(change.mock.calls).toEqual([['<i>']]);
  });

  it('that opens by a click has a title on one line', () => {
    draw(
      <Fold title={'two\nlines'} isOpen>
        inside
      </Fold>
    );
    expect([find('summary').textContent, find<HTMLDetailsElement>('details').open]).toEqual([
      'two lines',
      true
    ]);
  });

  it('says a state by more than a colour', () => {
    draw(
      <>
        <Status status="Failed" />
        <Status status={'constructor'} />
        <Glyph sign="★" word="best" />
        <Message>careful</Message>
      </>
    );
    expect([...parent.children].map(one => one.textContent)).toEqual([
      '✗ Failed',
      '· constructor',
      '★',
      'careful'
    ]);
    expect(find('[role=img]').getAttribute('aria-label')).toBe('best');
    expect(find('p').className).toBe('aml-message aml-warn');
  });
});

describe('how a screen stands to its data', () => {
  const told = (link: Link, message?: string, isQuiet = false): [string, boolean] => {
    draw(<LinkLine t={plainly} link={link} message={message} isQuiet={isQuiet} />);
    return [find('[role=status]').textContent, find('[role=status]').hidden];
  };

  it('is said in words, and not at all while all is well', () => {
    expect(told('live')).toEqual(['', true]);
    expect(told('ended')).toEqual(['', true]);
    expect(told('connecting')).toEqual(['connecting…', false]);
    expect(told('still')).toEqual(['as it was when it was saved', false]);
    expect(told('gone')).toEqual(['deleted', false]);
    expect(find('span').className).toContain('aml-bad');
  });

  it('has the reason behind it, on one line, and no reason without it', () => {
    expect(told('detached', 'no\nserver')).toEqual([
      'detached: showing the last data, trying again: no server',
      false
    ]);
    expect(told('live', 'no server')).toEqual(['', true]);
  });

  it('is told where it is quiet only when something is wrong', () => {
    expect(told('connecting', '', true)[1]).toBe(true);
    expect(told('still', '', true)[1]).toBe(true);
    expect(told('detached', '', true)[1]).toBe(false);
    expect(told('gone', '', true)[1]).toBe(false);
  });

  it('is one element, so that what is told is a change that is read aloud', () => {
    told('live');
    const node = find('[role=status]');
    told('detached');
    expect(find('[role=status]')).toBe(node);
  });
});

describe('what is asked while the reader waits', () => {
  const waiting: { resolve(answer: string): void; reject(problem: unknown): void }[] = [];
  const ask = vi.fn(
    () => new Promise<string>((resolve, reject) => waiting.push({ resolve, reject }))
  );
  const show = (of: string): void =>
    draw(<Asked t={plainly} of={of} ask={ask} draw={answer => <b>{answer}</b>} />);

  beforeEach(() => {
    waiting.length = 0;
    ask.mockClear();
  });

  it('is said to load, then drawn', async () => {
    show('a');
    expect(find('[aria-busy=true]').textContent).toBe('Loading…');
    await settle(() => waiting[0]!.resolve('answer a'));
    expect([parent.children.length, find('b').textContent]).toEqual([1, 'answer a']);
    show('a');
    expect(ask).toHaveBeenCalledTimes(1);
  });

  it('that is refused says why, and is asked again by a button', async () => {
    show('a');
    await settle(() => waiting[0]!.reject(new Error('Not <now>.\nLater.')));
    expect(find('[role=alert]').textContent).toBe(
      'This cannot be shown: Not <now>.\nLater. Try again'
    );
    await settle(() => find('button').click());
    expect(find('[aria-busy=true]')).not.toBeNull();
    await settle(() => waiting[1]!.resolve('at last'));
    expect(parent.textContent).toBe('at last');
  });

  it('is not that of an earlier question, however late it comes', async () => {
    show('a');
    show('b');
    await settle(() => waiting[1]!.resolve('answer b'));
    await settle(() => waiting[0]!.resolve('answer a'));
    expect(parent.textContent).toBe('answer b');
    show('c');
    show('d');
    await settle(() => waiting[3]!.resolve('answer d'));
    await settle(() => waiting[2]!.reject(new Error('late')));
    expect(parent.textContent).toBe('answer d');
  });

  it('is of no use once its place is gone', async () => {
    show('a');
    draw(null);
    await settle(() => waiting[0]!.resolve('answer'));
    expect(parent.textContent).toBe('');
  });
});

describe('many', () => {
  const show = (count: number, limit = 3): void =>
    draw(
      <Limited
        t={plainly}
        items={Array.from({ length: count }, (_, at) => at)}
        limit={limit}
        draw={(items, more) => (
          <>
            <b>{items.join()}</b>
            {more}
          </>
        )}
      />
    );

  it('are shown to a limit, and whole by a button, for good', () => {
    show(5);
    expect([find('b').textContent, find('button').textContent]).toEqual(['0,1,2', 'show 2 more']);
    void act(() => find('button').click());
    expect([find('b').textContent, find('button')]).toEqual(['0,1,2,3,4', null]);
    show(7);
    expect(find('b').textContent).toBe('0,1,2,3,4,5,6');
  });

  it.each([0, 1, 3])('that are but %i have no button', count => {
    show(count);
    expect(find('button')).toBeNull();
  });
});
