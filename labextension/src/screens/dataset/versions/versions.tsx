// The versions of a dataset, and what changed from one to another: in its columns, and row by row.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { DatasetDiffView, DatasetVersionView, DatasetView } from '../../../contract.gen';
import { Part } from '../../../ui/boundary';
import { Asked, Button, Checkbox, Muted, Picker } from '../../../ui/controls';
import { bytesText, momentText, numberText, oneLine, printable, wordsOf } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import { ChangeCard } from './change';
import { RowDiff } from './row_diff';
import type { Scene } from '../state';
import { countText, rowsText } from '../words';

/** Columns whose change is drawn at once, and those that a click adds. */
const [SHOWN, MORE] = [40, 200];

interface Props {
  scene: Scene;
  view: DatasetView;
}

export function Versions({ scene, view }: Props): JSX.Element {
  const { t } = scene;
  if (view.versions.length === 0) {
    return <Muted>{t('This dataset has no versions: it was not registered.')}</Muted>;
  }
  const heads = [
    ...[t('Version'), t('Rows'), t('Files'), t('Size'), t('Created'), t('Fingerprint')],
    t('Description')
  ];
  return (
    <div>
      <div class="aml-data-versions" tabIndex={0} role="region" aria-label={t('Versions')}>
        <table class="aml-run-table">
          <thead>
            <tr>
              {heads.map((head, place) => (
                <th key={head} scope="col" class={place > 0 && place < 4 ? 'aml-number' : ''}>
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {view.versions.map(version => (
              <Version key={version.id} scene={scene} version={version} shown={view.id} />
            ))}
          </tbody>
        </table>
      </div>
      {view.versions.length > 1 && view.kind !== 'file' && <Comparison scene={scene} view={view} />}
    </div>
  );
}

function Version(props: {
  scene: Scene;
  version: DatasetVersionView;
  /** The id of the version that is shown. */
  shown: string;
}): JSX.Element {
  const { scene, version, shown } = props;
  const { t } = scene;
  const [problem, setProblem] = useState('');
  const words = t('version %1', version.version);
  const open = (): void =>
    void scene
      .show(version.version)
      .catch((error: unknown) => setProblem(printable(wordsOf(error))));
  return (
    <tr>
      <th scope="row">
        {version.id === shown ? (
          <>
            {words} <span class="aml-muted">{t('(shown)')}</span>
          </>
        ) : (
          <Button class="aml-run-name-button" click={open}>
            {words}
          </Button>
        )}
        <span class="aml-bad aml-problem">{problem}</span>
      </th>
      <td class="aml-number">{countText(version.rows)}</td>
      <td class="aml-number">{numberText(version.files)}</td>
      <td class="aml-number">{bytesText(version.size)}</td>
      <td>{oneLine(momentText(version.created))}</td>
      <td class="aml-mono">{oneLine(version.fingerprint)}</td>
      <td>{oneLine(version.description)}</td>
    </tr>
  );
}

/** Two versions that the reader picks; the one that is shown and the one before it at first. */
function Comparison({ scene, view }: Props): JSX.Element {
  const { host, t } = scene;
  const all = [...view.versions].sort((one, other) => one.version - other.version);
  const at = Math.max(
    all.findIndex(({ id }) => id === view.id),
    0
  );
  const [from, setFrom] = useState(all[at > 0 ? at - 1 : 0]!.id);
  const [to, setTo] = useState(all[at > 0 ? at : 1]!.id);
  const [isByRow, setByRow] = useState(false);
  const options = all.map(({ id, version }): [string, string] => [id, t('version %1', version)]);
  const ways: [isByRow: boolean, words: string][] = [
    [false, t('By column')],
    [true, t('Row by row')]
  ];
  return (
    <section aria-label={t('What changed')}>
      <h3>{t('What changed')}</h3>
      <div class="aml-toolbar">
        <Picker label={t('From ')} options={options} value={from} change={setFrom} />
        <Picker label={t('to ')} options={options} value={to} change={setTo} />
        {ways.map(([way, words]) => (
          <Button key={words} aria-pressed={way === isByRow} click={() => setByRow(way)}>
            {words}
          </Button>
        ))}
      </div>
      <div class="aml-data-diff">
        {from === to ? (
          <Muted>{t('Pick two versions that differ.')}</Muted>
        ) : isByRow ? (
          <Part t={t}>
            <RowDiff
              key={`${from} ${to}`}
              host={host}
              dataset={from}
              other={to}
              columns={view.columns}
            />
          </Part>
        ) : (
          <Asked
            t={t}
            of={`${from} ${to}`}
            ask={() => host.ask('dataset_diff', { dataset: from, other: to })}
            draw={diff => <ColumnDiff t={t} diff={diff} />}
          />
        )}
      </div>
    </section>
  );
}

function ColumnDiff({ t, diff }: { t: Translate; diff: DatasetDiffView }): JSX.Element {
  const changed = diff.columns.filter(
    ({ changes, before, after }) => changes.length > 0 || !before || !after
  );
  const [isAll, setAll] = useState(changed.length === 0);
  const [most, setMost] = useState(SHOWN);
  const found = isAll ? diff.columns : changed;
  const rows = `${rowsText(diff.rows_before, t)} → ${rowsText(diff.rows_after, t)}`;
  const words =
    changed.length === 0
      ? t('no column changed')
      : t('%1 of %2 columns changed', numberText(changed.length), numberText(diff.columns.length));
  return (
    <div>
      <p role="status">{`${rows}, ${words}`}</p>
      <div class="aml-toolbar">
        <Checkbox
          isOn={isAll}
          change={isOn => {
            setAll(isOn);
            setMost(SHOWN);
          }}
        >
          {t('also columns that did not change')}
        </Checkbox>
      </div>
      <div class="aml-data-columns">
        {found.slice(0, most).map(change => (
          <ChangeCard
            key={change.name}
            t={t}
            change={change}
            before={t('version %1', diff.before)}
            after={t('version %1', diff.after)}
          />
        ))}
      </div>
      {found.length > most && (
        <Button class="aml-more" click={() => setMost(most + MORE)}>
          {t('show %1 more', Math.min(found.length - most, MORE))}
        </Button>
      )}
    </div>
  );
}
