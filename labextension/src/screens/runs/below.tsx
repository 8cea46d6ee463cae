// Another screen below the table, where the host has no place of its own for it.
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Host, Selection, Subject } from '../../ui/host';

export interface Embedded {
  title: string;
  subject: Subject;
  selection?: Selection;
}

export function Below(props: { host: Host; shown: Embedded | null; close(): void }): JSX.Element {
  const { host, shown, close } = props;
  return (
    <div class="aml-drawer">
      {shown && (
        <Shown key={JSON.stringify(shown.subject)} host={host} shown={shown} close={close} />
      )}
    </div>
  );
}

function Shown({
  host,
  shown,
  close
}: {
  host: Host;
  shown: Embedded;
  close(): void;
}): JSX.Element {
  const { t } = host;
  const inside = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const from = document.activeElement as HTMLElement | null;
    button.current?.focus();
    return () => from?.isConnected && from.focus();
  }, []);
  useEffect(() => {
    const embedded = host.embed(inside.current!, shown.subject, shown.selection);
    return () => embedded.dispose();
  }, []);
  return (
    <>
      <div class="aml-drawer-head">
        <h3>{shown.title}</h3>
        <button
          ref={button}
          type="button"
          class="aml-close"
          aria-label={t('Close %1', shown.title)}
          onClick={close}
        >
          ✕
        </button>
      </div>
      <div ref={inside} />
    </>
  );
}
