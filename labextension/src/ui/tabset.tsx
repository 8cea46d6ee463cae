// Sections of which one is open. One tab is in the order of the Tab key; arrows, Home and End lead to the others.
import type { ComponentChildren, JSX } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { Part } from './boundary';
import type { Translate } from './host';

export interface TabEntry {
  id: string;
  title: string;
  /** A text behind the title, such as a count, and how it is spoken. */
  note?: { text: string; spoken: string } | null;
  draw(): ComponentChildren;
}

/** Draws the tab that is open, and no other; a part that fails fails alone. */
export function Tabset(props: {
  t: Translate;
  label: string;
  tabs: readonly TabEntry[];
  open: string;
  change(id: string): void;
}): JSX.Element {
  const { t, label, tabs, open, change } = props;
  const prefix = useId();
  const list = useRef<HTMLDivElement>(null);
  const at = tabs.findIndex(({ id }) => id === open);
  const shown = tabs[at];
  const pressed = (event: KeyboardEvent): void => {
    const to = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at + tabs.length - 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      change(tabs[to]!.id);
      list.current?.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus();
    }
  };
  return (
    <div>
      <div role="tablist" class="aml-tabs" aria-label={label} ref={list} onKeyDown={pressed}>
        {tabs.map(({ id, title, note }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${prefix}-${id}`}
            data-tab={id}
            aria-controls={`${prefix}-panel`}
            aria-selected={id === open}
            aria-label={note ? `${title}, ${note.spoken}` : undefined}
            tabIndex={id === open ? 0 : -1}
            onClick={() => change(id)}
          >
            {note ? `${title} ${note.text}` : title}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id={`${prefix}-panel`}
        aria-labelledby={`${prefix}-${open}`}
        class="aml-tab"
        key={open}
      >
        {shown && <Part t={t}>{<Lazy draw={shown.draw} />}</Part>}
      </div>
    </div>
  );
}

/** A component, so that what `draw` throws is caught by the part around it. */
function Lazy({ draw }: { draw(): ComponentChildren }): JSX.Element {
  return <>{draw()}</>;
}
