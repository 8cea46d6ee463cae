// The files of a file dataset.
import { message, muted } from '../../ui/control';
import { div, element } from '../../ui/element';
import { numberText, oneLine } from '../../ui/format';
import type { Sight } from '../../ui/tabs';
import type { Scene } from './scene';

export function files({ t, view }: Scene): Sight {
  const { paths, files: count, problem } = view;
  const words =
    paths.length < count
      ? t('the first %1 of %2 files', numberText(paths.length), numberText(count))
      : t('%1 files', numberText(count));
  const list = element(
    'ol',
    { class: 'aml-data-files aml-mono', 'aria-label': t('Files') },
    paths.map(path => element('li', {}, [oneLine(path)]))
  );
  const node = div(
    '',
    problem ? message(oneLine(problem)) : null,
    muted(words),
    paths.length > 0 ? list : null
  );
  return { node, draw: () => undefined };
}
