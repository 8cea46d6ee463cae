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
  /** The button that it belongs to: it lies above that where there is no room below. */
  readonly button?: Element;
}

const MARGIN = 4;
const GAP = 2;

/** Where something of a size fits into the window. */
function fitted({ x, y, button }: Point, { width, height }: DOMRect): Point {
  const right = window.innerWidth - width - MARGIN;
  const bottom = window.innerHeight - height - MARGIN;
  const above = (button?.getBoundingClientRect().top ?? 0) - GAP - height;
  const top = y > bottom && above >= MARGIN ? above : Math.min(y, bottom);
  return { x: Math.max(Math.min(x, right), MARGIN), y: Math.max(top, MARGIN) };
}

/** The place below a button, or above it. */
export function below(button: Element): Point {
  const { left, bottom } = button.getBoundingClientRect();
  return { x: left, y: bottom + GAP, button };
}

interface PopupProps {
  t: Translate;
  label: string;
  at: Point;
  role: 'menu' | 'dialog';
  close(): void;
  children: ComponentChildren;
}

/** Takes the focus, and gives it back when it is closed: by Escape, by a click elsewhere, or as the focus leaves. */
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
  const isOurs = (target: EventTarget | null): boolean =>
    target instanceof Node && [node.current, at.button].some(each => each?.contains(target));
  useEffect(() => {
    // A press on its button is left to the button, which closes it.
    const pressed = ({ target }: Event): void => {
      if (!isOurs(target)) {
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
      class={`aml-popup aml-popup-${role}`}
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
      // Nothing has the focus where another window takes it: what was typed stays.
      onFocusOut={({ relatedTarget }) => relatedTarget && !isOurs(relatedTarget) && close()}
      onContextMenu={event => event.preventDefault()}
    >
      <Part t={t}>{children}</Part>
    </div>
  );
}
