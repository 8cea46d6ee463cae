// Lists of things to do. Arrows, Home, End and first letters lead through them.
import type { ComponentChildren, JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { oneLine } from '../format';
import type { Translate } from '../host';
import { below, Popup, type Point } from './popup';

export interface MenuEntry {
  label: string;
  /** What is told when the pointer rests on it, such as why it cannot be done. */
  hint?: string;
  isDisabled?: boolean;
  /** Whether it is chosen, of entries that are on or off. */
  isOn?: boolean;
  act(): void;
}

/** Entries with a line between one group and the next. */
export type MenuGroups = readonly (readonly MenuEntry[])[];

/** A button that opens a menu: `label` names it, and `children` are its sign; a function is asked while it is open. */
export function MenuButton(props: {
  t: Translate;
  label: string;
  groups: MenuGroups | (() => MenuGroups);
  children: ComponentChildren;
}): JSX.Element {
  const { t, label, groups, children } = props;
  const [at, open] = useState<Point | null>(null);
  return (
    <>
      <button
        type="button"
        class="aml-menu-button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={at !== null}
        onClick={({ currentTarget }) => {
          currentTarget.focus(); // Safari's buttons do not take it by themselves.
          open(at === null ? below(currentTarget) : null);
        }}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            event.stopPropagation();
            open(below(event.currentTarget));
          }
        }}
      >
        {children}
      </button>
      {at && (
        <Menu
          {...{ t, label, at }}
          groups={typeof groups === 'function' ? groups() : groups}
          close={() => open(null)}
        />
      )}
    </>
  );
}

export function Menu(props: {
  t: Translate;
  label: string;
  at: Point;
  groups: MenuGroups;
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
    <Popup {...{ t, label, at, close }} role="menu">
      <div ref={list} role="none" onKeyDown={pressed}>
        {groups
          .filter(entries => entries.length > 0)
          .map((entries, group) => (
            <div key={group} role="group" class="aml-menu-group">
              {entries.map((entry, place) => (
                <Entry key={place} {...entry} close={close} />
              ))}
            </div>
          ))}
      </div>
    </Popup>
  );
}

function Entry(props: MenuEntry & { close(): void }): JSX.Element {
  const { label, hint, isDisabled, isOn, act, close } = props;
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
function placeAfter(key: string, from: number, items: readonly HTMLElement[]): number | undefined {
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
