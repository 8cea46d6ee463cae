// What lies above a screen for a moment: menus, and small forms. It is in the browser's top layer, so that no
// table or output cuts it.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Part } from '../boundary';
import { oneLine } from '../format';
import type { Translate } from '../host';

/** Where it begins, in pixels of the window. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

const MARGIN = 4;

/** Where something of a size fits into the window. */
function fitted({ x, y }: Point, { width, height }: DOMRect): Point {
  const [right, bottom] = [
    window.innerWidth - width - MARGIN,
    window.innerHeight - height - MARGIN
  ];
  return { x: Math.max(Math.min(x, right), MARGIN), y: Math.max(Math.min(y, bottom), MARGIN) };
}

/** The place below a button. */
export function below(node: Element): Point {
  const { left, bottom } = node.getBoundingClientRect();
  return { x: left, y: bottom + 2 };
}

interface PopupProps {
  t: Translate;
  label: string;
  at: Point;
  role: 'menu' | 'dialog';
  close(): void;
  children: ComponentChildren;
}

/** Takes the focus, and gives it back when it is closed: by Escape, or by a click elsewhere. */
export function Popup({ t, label, at, role, close, children }: PopupProps): JSX.Element {
  const node = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const popup = node.current!;
    const from = document.activeElement as HTMLElement | null;
    popup.showPopover?.();
    const { x, y } = fitted(at, popup.getBoundingClientRect());
    popup.style.left = `${x}px`;
    popup.style.top = `${y}px`;
    const first = popup.querySelector<HTMLElement>('[autofocus], [role^=menuitem], input, button');
    (first ?? popup).focus({ preventScroll: true });
    return () => {
      const hadFocus = popup.contains(document.activeElement);
      if (hadFocus && from?.isConnected) {
        from.focus({ preventScroll: true });
      }
    };
  }, [at]);
  useEffect(() => {
    const pressed = (event: Event): void => {
      if (!node.current?.contains(event.target as Node)) {
        close();
      }
    };
    document.addEventListener('pointerdown', pressed, true);
    return () => document.removeEventListener('pointerdown', pressed, true);
  });
  return (
    <div
      ref={node}
      popover="manual"
      class={role === 'menu' ? 'aml-menu-popup' : 'aml-popup-dialog'}
      role={role}
      aria-label={oneLine(label)}
      tabIndex={-1}
      onKeyDown={event => {
        if (event.key === 'Escape' || (event.key === 'Tab' && role === 'menu')) {
          event.preventDefault();
          event.stopPropagation();
          close();
        }
      }}
      onContextMenu={event => event.preventDefault()}
    >
      <Part t={t}>{children}</Part>
    </div>
  );
}

export interface MenuEntry {
  label: string;
  /** What is told when the pointer rests on it, such as why it cannot be done. */
  hint?: string;
  isDisabled?: boolean;
  /** Whether it is chosen, of entries that are on or off. */
  isOn?: boolean;
  act(): void;
}

/** Entries in groups with a line between them. Arrows, Home, End and first letters lead to them. */
export function Menu(props: {
  t: Translate;
  label: string;
  at: Point;
  groups: readonly (readonly MenuEntry[])[];
  close(): void;
}): JSX.Element {
  const { t, label, at, groups, close } = props;
  const list = useRef<HTMLDivElement>(null);
  const pressed = (event: KeyboardEvent): void => {
    const items = [...list.current!.querySelectorAll<HTMLElement>('[role^=menuitem]')];
    const from = items.indexOf(document.activeElement as HTMLElement);
    const to = placeAfter(event.key, from, items);
    if (to !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      items[to]?.focus();
    }
  };
  return (
    <Popup t={t} label={label} at={at} role="menu" close={close}>
      <div ref={list} role="none" onKeyDown={pressed}>
        {groups
          .filter(entries => entries.length > 0)
          .map((entries, place) => (
            <div key={place} role="group" class="aml-menu-group">
              {entries.map(entry => (
                <Item key={entry.label} entry={entry} close={close} />
              ))}
            </div>
          ))}
      </div>
    </Popup>
  );
}

function Item({ entry, close }: { entry: MenuEntry; close(): void }): JSX.Element {
  const { label, hint, isDisabled, isOn, act } = entry;
  return (
    <button
      type="button"
      role={isOn === undefined ? 'menuitem' : 'menuitemcheckbox'}
      aria-checked={isOn}
      aria-disabled={isDisabled || undefined}
      title={hint}
      tabIndex={-1}
      onClick={() => {
        if (!isDisabled) {
          close();
          act();
        }
      }}
    >
      {oneLine(label)}
    </button>
  );
}

/** The entry of a menu that a key leads to. */
export function placeAfter(
  key: string,
  from: number,
  items: readonly HTMLElement[]
): number | undefined {
  const count = items.length;
  const steps: Record<string, number> = {
    ArrowDown: (from + 1) % count,
    ArrowUp: (from + count - 1) % count,
    Home: 0,
    End: count - 1
  };
  if (key in steps || key.length !== 1 || key === ' ') {
    return steps[key];
  }
  const after = [...items.keys()].map(at => (from + 1 + at) % count);
  return after.find(at => items[at]!.textContent.toLowerCase().startsWith(key.toLowerCase()));
}
