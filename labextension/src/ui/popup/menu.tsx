// A button that opens a list of things to do. Arrows, Home, End and letters lead through it; Escape closes it.
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { oneLine } from '../format';
import { placeAfter } from './popup';

export interface MenuItem {
  id: string;
  text: string;
  act(): void;
  /** Whether something is switched on; an item without it only does something. */
  isOn?: boolean;
  isDisabled?: boolean;
  /** Whether a line sets it off from those before it. */
  isApart?: boolean;
}

/** `label` names the button, and `children` are its sign; `items` is asked while the list is open. */
export function MenuButton(props: {
  label: string;
  items: () => readonly MenuItem[];
  children: ComponentChildren;
}): JSX.Element {
  const { label, items, children } = props;
  const button = useRef<HTMLButtonElement>(null);
  const [isOpen, open] = useState(false);
  const close = (isReturning: boolean): void => {
    open(false);
    if (isReturning) {
      button.current?.focus();
    }
  };
  return (
    <>
      <button
        type="button"
        ref={button}
        class="aml-menu-button"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={() => open(!isOpen)}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            open(true);
          }
        }}
      >
        {children}
      </button>
      {isOpen && <Popup label={label} items={items()} anchor={button.current!} close={close} />}
    </>
  );
}

function Popup(props: {
  label: string;
  items: readonly MenuItem[];
  anchor: HTMLElement;
  close(isReturning: boolean): void;
}): JSX.Element {
  const { label, items, anchor, close } = props;
  const list = useRef<HTMLDivElement>(null);
  const all = (): HTMLElement[] => [...list.current!.querySelectorAll<HTMLElement>('[role^=menu]')];
  useLayoutEffect(() => {
    const node = list.current!;
    // On top of all else in the page, and in no box that could cut it off.
    node.showPopover?.();
    const { left, bottom, top } = anchor.getBoundingClientRect();
    const { width, height } = node.getBoundingClientRect();
    const isBelow = bottom + height <= innerHeight || top < height;
    node.style.left = `${Math.max(0, Math.min(left, innerWidth - width - 4))}px`;
    node.style.top = `${isBelow ? bottom : top - height}px`;
    all()[0]?.focus();
  }, []);
  const pressed = (event: KeyboardEvent): void => {
    const { key } = event;
    event.stopPropagation();
    if (key === 'Escape' || key === 'Tab') {
      close(key === 'Escape');
      return;
    }
    const to = placeAfter(key, all().indexOf(document.activeElement as HTMLElement), all());
    if (to !== undefined) {
      event.preventDefault();
      all()[to]?.focus();
    }
  };
  return (
    <div
      ref={list}
      class="aml-menu-popup"
      role="menu"
      aria-label={label}
      popover="manual"
      onKeyDown={pressed}
      onFocusOut={({ relatedTarget }) => {
        if (!list.current?.contains(relatedTarget as Node | null) && relatedTarget !== anchor) {
          close(false);
        }
      }}
    >
      {items.map(item => (
        <Item
          key={item.id}
          {...item}
          act={() => {
            close(true);
            item.act();
          }}
        />
      ))}
    </div>
  );
}

function Item({ text, act, isOn, isDisabled, isApart }: MenuItem): JSX.Element {
  return (
    <button
      type="button"
      tabIndex={-1}
      role={isOn === undefined ? 'menuitem' : 'menuitemcheckbox'}
      aria-checked={isOn}
      aria-disabled={isDisabled || undefined}
      class={isApart ? 'aml-menu-apart' : undefined}
      onClick={() => isDisabled || act()}
    >
      {oneLine(text)}
    </button>
  );
}
