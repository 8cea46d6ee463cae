// What stands above the rows: the filter, what is shown of them, and what is taken along.
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Button, Checkbox } from '../../../ui/controls';
import { numberText, oneLine } from '../../../ui/format';
import { csvLines, saveCsv } from '../../../ui/save';
import { ColumnPick } from '../columns/pick';
import type { DataColumn } from './grid_column';
import type { Reader } from './reader';
import type { DatasetState, Scene } from '../state';
import { countedText, rowsText } from '../words';

interface Props {
  scene: Scene;
  state: DatasetState;
  reader: Reader;
}

/** What was clicked, each of which can be taken away. */
export function Conditions({ scene, state, reader }: Props): JSX.Element | null {
  const { t } = scene;
  return state.conditions.length === 0 ? null : (
    <ul class="aml-data-conditions" aria-label={t('Conditions of the filter')}>
      {state.conditions.map(condition => (
        <li key={condition.column}>
          <code>{oneLine(condition.text)}</code>
          <Button
            aria-label={t('Remove %1', oneLine(condition.text))}
            click={() => reader.toggle(condition)}
          >
            ×
          </Button>
        </li>
      ))}
    </ul>
  );
}

interface ToolbarProps extends Props {
  /** What was done with rows that were taken along. */
  told: string;
  setTold: (words: string) => void;
  /** The first row that is seen. */
  first: () => number;
}

export function Toolbar(props: ToolbarProps): JSX.Element {
  const { scene, state, reader, told, setTold } = props;
  const { t } = scene;
  const problemId = useId();
  const take = t('of the page of 100 rows that is seen');
  const { name, id } = state.view;
  const save = (): void => {
    const { text, from } = csvOf(props);
    saveCsv(`${(name ?? id).replace(/[^\w-]+/g, '_')}_${from}.csv`, `\ufeff${text}`);
  };
  return (
    <div class="aml-toolbar">
      <FilterBox {...props} problemId={problemId} />
      <ColumnPick
        t={t}
        columns={reader.columns}
        hidden={state.hidden}
        change={hidden => scene.choose({ hidden })}
      />
      <Checkbox isOn={state.hasFigures} change={hasFigures => scene.choose({ hasFigures })}>
        {t('Distributions')}
      </Checkbox>
      <Button click={() => void copy(props, setTold)} title={t('Copy as CSV, %1', take)}>
        {t('Copy')}
      </Button>
      <Button click={save} title={t('Save as CSV, %1', take)}>
        {t('CSV')}
      </Button>
      <span class="aml-count" role="status">
        {told || countWords(props)}
      </span>
      <span class="aml-bad aml-problem" role="status" id={problemId}>
        {state.filterProblem}
      </span>
      {state.figuresProblem && state.hasFigures && (
        <span class="aml-warn aml-data-uncounted">
          {t('The columns could not be counted: %1', state.figuresProblem)}{' '}
          <Button click={() => reader.recount()}>{t('Try again')}</Button>
        </span>
      )}
    </div>
  );
}

function FilterBox(props: ToolbarProps & { problemId: string }): JSX.Element {
  const { scene, state, reader, setTold, problemId } = props;
  const { t } = scene;
  return (
    <input
      type="search"
      class="aml-filter"
      aria-label={t('Filter rows')}
      aria-describedby={problemId}
      aria-invalid={state.filterProblem !== '' && state.typed.trim() !== ''}
      placeholder={t('Filter: %1', exampleOf(reader.columns))}
      spellcheck={false}
      value={state.typed}
      onInput={event => {
        setTold('');
        reader.type(event.currentTarget.value);
      }}
      onKeyDown={event => {
        if (event.key === 'Enter') {
          reader.type(event.currentTarget.value, true);
        }
      }}
    />
  );
}

function countWords({ scene: { t }, state, reader }: ToolbarProps): string {
  if (state.isLoading) {
    return t('Loading…');
  }
  const { count, isCounted, query } = reader.pages;
  const all = state.view.rows;
  const shown = numberText(count);
  const words = !isCounted
    ? t('the first %1 rows', shown)
    : query.filter && all !== null
      ? t('%1 of %2 rows', shown, numberText(all))
      : rowsText(count, t);
  return `${words}, ${countedText(reader.columns.length, '1 column', '%1 columns', t)}`;
}

/** The columns that are shown, of the page that is seen. */
function csvOf({ state, reader, first }: ToolbarProps): { text: string; from: number; to: number } {
  const page = reader.pages.pageAt(first());
  const columns = reader.columns.filter(({ of }) => !state.hidden.has(of.name));
  const lines = page.rows.map(row => columns.map(({ place }) => row[place] ?? null));
  return {
    text: csvLines([columns.map(({ of }) => of.name), ...lines]),
    from: page.first + 1,
    to: page.first + page.rows.length
  };
}

async function copy(props: ToolbarProps, setTold: (words: string) => void): Promise<void> {
  const { t } = props.scene;
  const { text, from, to } = csvOf(props);
  try {
    await navigator.clipboard.writeText(text);
    setTold(t('copied rows %1 to %2', numberText(from), numberText(to)));
  } catch {
    setTold(t('The browser does not let this page copy: use %1.', t('CSV')));
  }
}

/** A filter that could be one of these columns. */
function exampleOf(columns: readonly DataColumn[]): string {
  const named = (column: DataColumn | undefined): string =>
    column && /^[A-Za-z_]\w{0,20}$/.test(column.of.name) ? column.of.name : '';
  const number = named(columns.find(column => column.isNumeric));
  const text = named(columns.find(({ of }) => of.type === 'string'));
  return (
    [number && `${number} > 40`, text && `${text} like '%x%'`].filter(Boolean).join(' and ') ||
    'age > 40'
  );
}
