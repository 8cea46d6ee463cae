// The parts of curves as they were until now, in this tree.
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { curves } from './curves';
import { logged } from './logged';
import type { Part } from './part';
import type { Scene as Old } from './scene';
import type { Scene } from './state';

function Bridge({ make, scene }: { make: (scene: Old) => Part; scene: Scene }): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const part = useRef<Part | null>(null);
  useLayoutEffect(() => {
    const { book, link, message, skew } = scene.store.state;
    const ghosts = () => scene.once('ghosts', { run: scene.run });
    const old = {
      ...scene,
      book,
      link,
      message,
      skew,
      ghosts,
      told: () => undefined,
      openTab: () => undefined
    };
    part.current = make(old);
    place.current!.append(part.current.node);
    part.current.show(scene.store.state.view);
    return () => part.current?.dispose?.();
  }, []);
  useLayoutEffect(() => part.current?.show(scene.store.state.view));
  return <div ref={place} />;
}

export const Curves = (scene: Scene): JSX.Element => <Bridge make={curves} scene={scene} />;
export const Logged = (scene: Scene): JSX.Element => <Bridge make={logged} scene={scene} />;
