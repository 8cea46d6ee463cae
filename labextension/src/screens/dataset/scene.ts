// What the parts of the screen share: the version that is shown, and how it changes.
import { div, fill } from '../../ui/element';
import type { Host, Translate } from '../../ui/host';
import type { Sight } from '../../ui/tabs';
import type { DatasetView } from '../../contract.gen';

export interface Scene {
  readonly host: Host;
  readonly t: Translate;
  view: DatasetView;
  /** Show another version, or the same with more of it known. */
  take(view: DatasetView): void;
  /** Ask for a version, and show it. */
  show(version: number): Promise<void>;
}

/** A sight that is made anew when the key of what it shows changes. */
export function anew(
  scene: Scene,
  keyOf: (view: DatasetView) => unknown,
  make: (scene: Scene) => Sight
): Sight {
  const node = div();
  let inside: Sight | null = null;
  let drawn: unknown;
  return {
    node,
    draw(): void {
      const key = keyOf(scene.view);
      if (!inside || key !== drawn) {
        inside?.dispose?.();
        drawn = key;
        inside = make(scene);
        fill(node, inside.node);
      }
      inside.draw();
    },
    dispose: () => inside?.dispose?.()
  };
}
