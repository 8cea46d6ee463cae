// The images of a run, small; each is asked for when it comes into sight.
import { div, element, fill } from '../../ui/element';
import { oneLine } from '../../ui/format';
import { button } from '../../ui/control';
import { listed } from '../../ui/keyed';
import type { Part } from './part';
import { whenSeen } from '../../ui/seen';
import { imageOf } from './preview';
import type { Scene } from './scene';

const SHOWN = 24;

/** `open` shows an image large. */
export function thumbnails(scene: Scene, open: (file: string) => void): Part {
  const { t } = scene;
  const place = div('aml-run-thumbnails');
  const rows = listed<string>(
    place,
    SHOWN,
    t,
    name => name,
    name => {
      const node = button(oneLine(name), () => open(name), { title: oneLine(name) });
      return {
        node,
        show: () => undefined,
        dispose: whenSeen(node, () => void fetchInto(node, name, scene))
      };
    }
  );
  const node = element('section', {}, [element('h3', {}, [t('Images')]), place, rows.more]);
  return {
    node,
    show({ images, files }): void {
      // One that is no file of the run could not be opened.
      const names = new Set(files.map(file => file.name));
      const all = images.filter(image => names.has(image));
      node.hidden = !all.length;
      rows.show(all);
    },
    dispose: rows.dispose
  };
}

async function fetchInto(node: HTMLElement, file: string, { host, run }: Scene): Promise<void> {
  try {
    const image = imageOf(await host.ask('preview', { run, file }));
    if (image) {
      fill(node, image);
    }
  } catch {
    // The name stays; opening the file says why.
  }
}
