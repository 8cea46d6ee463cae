// A run below the comparison, where the host has no place of its own for it.
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../ui/controls';
import { runNames } from './run_name';
import type { Scene } from './state';

export function Opened({ scene }: { scene: Scene }): JSX.Element {
  const { opened } = scene.store.state;
  return (
    <div class="aml-drawer">
      {opened !== null && <Drawer key={opened} scene={scene} id={opened} />}
    </div>
  );
}

function Drawer({ scene, id }: { scene: Scene; id: string }): JSX.Element {
  const { t, host, store } = scene;
  const { view } = store.state;
  const inside = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const from = useRef(document.activeElement as HTMLElement | null);
  useEffect(() => {
    head.current!.querySelector('button')!.focus();
    const shown = host.embed(inside.current!, { kind: 'run', run: id });
    return () => shown.dispose();
  }, []);
  const place = view.runs.findIndex(run => run.id === id);
  const name = scene.words.named(runNames(view)[place] ?? id);
  const close = (): void => {
    scene.change({ opened: null });
    from.current?.focus();
  };
  return (
    <>
      <div class="aml-drawer-head" ref={head}>
        <h3>{name}</h3>
        <Button class="aml-close" aria-label={t('Close %1', name)} click={close}>
          ✕
        </Button>
      </div>
      <div ref={inside} />
    </>
  );
}
