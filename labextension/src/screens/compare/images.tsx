// Images of runs by step: a row for each run, one step for all.
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Limited, Muted, Picker } from '../../ui/controls';
import { numberText, oneLine, toNumber, wordsOf } from '../../ui/format';
import { imageSource } from '../../ui/image';
import type { ImagesView, StepImageView } from '../../contract.gen';
import { turnOf, useAsked, Waiting } from './asked';
import { runNames } from './run_name';
import { askedOf } from './state';
import type { Scene } from './state';

/** Rows that are there before one asks for more. */
const AT_FIRST = 12;

export function Images({ scene }: { scene: Scene }): JSX.Element {
  const { t, host, store } = scene;
  const { state } = store;
  const names = state.view.images ?? [];
  const metric = names.includes(state.images.metric) ? state.images.metric : (names[0] ?? '');
  const question = { ...askedOf(state), metric };
  const asked = useAsked(host, 'images', question, turnOf(state));
  return (
    <>
      {names.length > 1 && (
        <div class="aml-toolbar">
          <Picker
            label={t('Image')}
            options={names.map(name => [name, name] as const)}
            value={metric}
            change={name => scene.change({ images: { ...state.images, metric: name } })}
          />
        </div>
      )}
      {asked.answer ? (
        <Rows scene={scene} images={asked.answer} />
      ) : (
        <Waiting t={t} asked={asked} />
      )}
    </>
  );
}

function Rows({ scene, images }: { scene: Scene; images: ImagesView }): JSX.Element {
  const { t, store } = scene;
  const { view, images: chosen } = store.state;
  const steps = stepsOf(images);
  const at = placeOf(steps, chosen.step);
  const names = runNames(view);
  if (images.runs.length === 0) {
    return <Muted>{t('No run has an image of this name.')}</Muted>;
  }
  return (
    <>
      <div class="aml-toolbar">
        <label>
          {t('step')}
          <input
            type="range"
            min={0}
            max={Math.max(steps.length - 1, 0)}
            step={1}
            value={at}
            aria-valuetext={numberText(steps[at] ?? 0)}
            onInput={event =>
              scene.change({
                images: { ...chosen, step: steps[Number(event.currentTarget.value)]! }
              })
            }
          />
          <output>{numberText(steps[at] ?? 0)}</output>
        </label>
      </div>
      <Limited
        t={t}
        items={images.runs}
        limit={AT_FIRST}
        draw={(shown, more) => (
          <>
            <ul class="aml-step-images" aria-label={t('Images of the runs')}>
              {shown.map(({ run, images: own }) => (
                <Row
                  key={run}
                  scene={scene}
                  run={run}
                  name={names[view.runs.findIndex(({ id }) => id === run)] ?? run}
                  image={imageAt(own, steps[at] ?? Infinity)}
                />
              ))}
            </ul>
            {more}
          </>
        )}
      />
    </>
  );
}

/** All steps at which any run has an image. */
export function stepsOf({ runs }: ImagesView): number[] {
  const steps = new Set(runs.flatMap(({ images }) => images.map(({ step }) => toNumber(step))));
  return [...steps].sort((a, b) => a - b);
}

/** The place of the last step that is not beyond `step`. */
export function placeOf(steps: readonly number[], step: number): number {
  return Math.max(0, steps.filter(one => one <= step).length - 1);
}

/** What a run showed at a step: its last image until then, else its first. */
export function imageAt(images: readonly StepImageView[], step: number): StepImageView {
  return images.filter(image => toNumber(image.step) <= step).at(-1) ?? images[0]!;
}

function Row(props: {
  scene: Scene;
  run: string;
  name: string;
  image: StepImageView;
}): JSX.Element {
  const { scene, run, name, image } = props;
  const { t, store } = scene;
  const { view } = store.state;
  const open = (): void => {
    const found = view.runs.find(({ id }) => id === run);
    if (found) {
      scene.open(found);
    }
  };
  return (
    <li>
      <figure>
        <Picture scene={scene} run={run} file={image.file} name={name} />
        <figcaption>
          <button type="button" class="aml-open" onClick={open}>
            {name}
          </button>
          <span class="aml-muted">{t('step %1', numberText(toNumber(image.step)))}</span>
          {image.description && <span class="aml-caption">{oneLine(image.description)}</span>}
        </figcaption>
      </figure>
    </li>
  );
}

/** An image that is asked for once it is seen; the one before it stays until it has come. */
function Picture(props: { scene: Scene; run: string; file: string; name: string }): JSX.Element {
  const { scene, run, file, name } = props;
  const { t, host } = scene;
  const node = useRef<HTMLDivElement>(null);
  const [isSeen, setSeen] = useState(false);
  const [shown, show] = useState<{ file: string; source: string; problem: string } | null>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(entries => {
      if (entries.at(-1)?.isIntersecting) {
        setSeen(true);
        observer.disconnect();
      }
    });
    observer.observe(node.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    let isVoid = !isSeen;
    if (isSeen) {
      host.ask('preview', { run, file }).then(
        preview =>
          isVoid ||
          show({
            file,
            source: imageSource(preview),
            problem: preview.message || t('This is no image that can be shown.')
          }),
        (problem: unknown) => isVoid || show({ file, source: '', problem: wordsOf(problem) })
      );
    }
    return () => {
      isVoid = true;
    };
  }, [isSeen, run, file]);
  const label = t('%1, %2', name, file);
  return (
    <div ref={node} class="aml-step-image" aria-busy={isSeen && shown?.file !== file}>
      {shown?.source ? (
        <img src={shown.source} alt={oneLine(label)} />
      ) : (
        <Muted>{shown ? oneLine(shown.problem) : t('Loading…')}</Muted>
      )}
    </div>
  );
}
