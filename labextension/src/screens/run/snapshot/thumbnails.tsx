// The images of a run, small; each is asked for when it comes into sight.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FileView } from '../../../contract.gen';
import { Button, Limited } from '../../../ui/controls';
import { oneLine } from '../../../ui/format';
import { whenSeen } from '../../../ui/visibility';
import { sourceOf } from './preview';
import type { Scene } from '../state';

const SHOWN = 24;

/** `open` shows an image large. */
export function Thumbnails(props: {
  scene: Scene;
  images: string[];
  files: FileView[];
  open: (file: string) => void;
}): JSX.Element | null {
  const { scene, images, files, open } = props;
  // One that is no file of the run could not be opened.
  const names = new Set(files.map(file => file.name));
  const items = images.filter(image => names.has(image));
  return items.length > 0 ? (
    <section>
      <h3>{scene.t('Images')}</h3>
      <Limited
        {...{ t: scene.t, items, limit: SHOWN }}
        draw={(shown, more) => (
          <>
            <div class="aml-run-thumbnails">
              {shown.map(name => (
                <Thumbnail key={name} {...{ scene, name, open }} />
              ))}
            </div>
            {more}
          </>
        )}
      />
    </section>
  ) : null;
}

function Thumbnail(props: {
  scene: Scene;
  name: string;
  open: (file: string) => void;
}): JSX.Element {
  const { scene, name, open } = props;
  const place = useRef<HTMLSpanElement>(null);
  const [source, setSource] = useState('');
  useEffect(() => {
    const load = (): void =>
      void scene.once('preview', { run: scene.run, file: name }).then(
        preview => setSource(sourceOf(preview)),
        () => undefined // The name stays; opening the file says why.
      );
    return whenSeen(place.current!, load);
  }, [name]);
  const words = oneLine(name);
  return (
    <Button title={words} click={() => open(name)}>
      <span ref={place}>{source ? <img src={source} alt={words} /> : words}</span>
    </Button>
  );
}
