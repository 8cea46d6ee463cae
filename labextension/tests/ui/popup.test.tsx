import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plainly } from '../../src/ui/host';
import { MenuButton, type MenuGroups } from '../../src/ui/popup/menu';
import { below, Popup } from '../../src/ui/popup/popup';

const parent = document.body.appendChild(document.createElement('div'));
const acts = { open: vi.fn(), star: vi.fn(), remove: vi.fn() };
const groups: MenuGroups = [
  [{ label: 'Open', act: acts.open }],
  [],
  [
    { label: 'Starred', isOn: true, act: acts.star },
    { label: 'Delete', isDisabled: true, hint: 'It runs.', act: acts.remove }
  ]
];

const find = (selector: string): HTMLElement => parent.querySelector<HTMLElement>(selector)!;
const button = (): HTMLElement => find('.aml-menu-button');
const popup = (): HTMLElement | null => parent.querySelector('.aml-popup');
const focused = (): string => document.activeElement!.textContent;
const press = (key: string): boolean => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  void act(() => void document.activeElement!.dispatchEvent(event));
  return event.defaultPrevented;
};
const click = (node: Element): void => {
  void act(() => {
    node.dispatchEvent(new Event('pointerdown', { bubbles: true }));
    (node as HTMLElement).click();
  });
};
/** The size of a popup, in a window of 1024 by 768, and where the button is. */
function place(size: { width: number; height: number }, at: { left: number; top: number }): void {
  vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockImplementation(function (
    this: HTMLElement
  ) {
    return this.matches('.aml-popup')
      ? new DOMRect(0, 0, size.width, size.height)
      : new DOMRect(at.left, at.top, 60, 20);
  });
}

beforeEach(() => {
  void act(() =>
    render(
      <>
        <MenuButton t={plainly} label="More of it" groups={groups}>
          ⋯
        </MenuButton>
        <input />
      </>,
      parent
    )
  );
});
afterEach(() => {
  void act(() => render(null, parent));
  vi.restoreAllMocks();
  vi.clearAllMocks();
});

describe('the menu of a button', () => {
  it('opens by a click or ArrowDown, with the focus on its first entry', () => {
    button().focus();
    expect(press('ArrowDown')).toBe(true);
    expect(button().getAttribute('aria-expanded')).toBe('true');
    expect(find('[role=menu]').getAttribute('aria-label')).toBe('More of it');
    expect(focused()).toBe('Open');
    press('Escape');
    expect(popup()).toBeNull();
    expect(document.activeElement).toBe(button());
    click(button());
    expect(focused()).toBe('Open');
    click(button());
    expect(popup()).toBeNull();
  });

  it('is gone through by arrows, ends and letters, and by nothing else of the page', () => {
    const heard = vi.fn();
    parent.addEventListener('keydown', heard);
    click(button());
    press('ArrowUp');
    expect(focused()).toBe('Delete');
    press('ArrowDown');
    expect(focused()).toBe('Open');
    press('End');
    press('s');
    expect(focused()).toBe('Starred');
    press('Home');
    expect(focused()).toBe('Open');
    parent.removeEventListener('keydown', heard);
    expect(heard).not.toHaveBeenCalled();
  });

  it('does what is chosen, and not what cannot be done', () => {
    click(button());
    expect(find('[role=menuitemcheckbox]').getAttribute('aria-checked')).toBe('true');
    const last = find('[aria-disabled]');
    expect([last.textContent, last.title]).toEqual(['Delete', 'It runs.']);
    click(last);
    expect(acts.remove).not.toHaveBeenCalled();
    expect(popup()).not.toBeNull();
    click(find('[role=menuitem]'));
    expect(acts.open).toHaveBeenCalledOnce();
    expect(popup()).toBeNull();
    expect(document.activeElement).toBe(button());
  });

  it('closes as the focus leaves it, by a press elsewhere, and by Tab', () => {
    click(button());
    void act(() => find('input').focus());
    expect(popup()).toBeNull();
    expect(document.activeElement).toBe(find('input'));
    click(button());
    click(document.body);
    expect(popup()).toBeNull();
    click(button());
    press('Tab');
    expect(popup()).toBeNull();
    expect(document.activeElement).toBe(button());
  });

  it('has a line between its groups, and none for one that is empty', () => {
    click(button());
    expect(parent.querySelectorAll('[role=group]')).toHaveLength(2);
  });
});

describe('where it lies', () => {
  const top = (): string => popup()!.style.top;
  const left = (): string => popup()!.style.left;

  it('is below its button', () => {
    place({ width: 100, height: 200 }, { left: 40, top: 100 });
    click(button());
    expect([left(), top()]).toEqual(['40px', '122px']);
  });

  it('is above it where there is no room below', () => {
    place({ width: 100, height: 200 }, { left: 40, top: 700 });
    click(button());
    expect(top()).toBe('498px');
  });

  it('is as low as it can be where there is room in neither', () => {
    place({ width: 100, height: 600 }, { left: 1_000, top: 400 });
    click(button());
    expect([left(), top()]).toEqual(['920px', '164px']);
  });
});

describe('a form above a screen', () => {
  const close = vi.fn();
  beforeEach(() => {
    void act(() =>
      render(
        <>
          <button>Edit</button>
          <Popup
            {...{ t: plainly, close, label: 'A form', role: 'dialog' }}
            at={below(document.body)}
          >
            <input class="aml-first" />
          </Popup>
        </>,
        parent
      )
    );
  });

  it('has the focus, keeps what is typed as another window is used, and goes by Escape', () => {
    expect(document.activeElement).toBe(find('.aml-first'));
    void act(
      () => void find('.aml-first').dispatchEvent(new FocusEvent('focusout', { bubbles: true }))
    );
    expect(press('Tab')).toBe(false);
    expect(close).not.toHaveBeenCalled();
    expect(press('Escape')).toBe(true);
    expect(close).toHaveBeenCalledOnce();
  });
});
