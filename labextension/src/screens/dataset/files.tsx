// The files of a file dataset.
import type { JSX } from 'preact';
import type { DatasetView } from '../../contract.gen';
import { Message, Muted } from '../../ui/controls';
import { numberText, oneLine } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { countedText } from './words';

export function Files({ t, view }: { t: Translate; view: DatasetView }): JSX.Element {
  const { paths, files: count, problem } = view;
  return (
    <div>
      {problem && <Message>{oneLine(problem)}</Message>}
      <Muted>
        {paths.length < count
          ? t('the first %1 of %2 files', numberText(paths.length), numberText(count))
          : countedText(count, '1 file', '%1 files', t)}
      </Muted>
      {paths.length > 0 && (
        <ol class="aml-data-files aml-mono" aria-label={t('Files')}>
          {paths.map((path, place) => (
            <li key={place}>{oneLine(path)}</li>
          ))}
        </ol>
      )}
    </div>
  );
}
