// The rows that differ between two versions: which came, which went, and which cells changed.
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { ColumnView, DatasetRowDiffView, Questions } from '../../../contract.gen';
import { Asked, Button, Checkbox, Limited, Message, Muted } from '../../../ui/controls';
import { numberText, oneLine, printable } from '../../../ui/format';
import type { Host, Translate } from '../../../ui/host';
import { DIFF_PAGE, RowDiffTable } from './row_diff_table';
import { cellText, rowsText } from '../words';

type Question = Questions['dataset_row_diff'];
type Show = NonNullable<Question['show']>;

/** Columns that are offered as key at once, and changed columns that are named. */
const SHOWN = 30;

export function RowDiff(props: {
  host: Host;
  /** The versions by their ids. */
  dataset: string;
  other: string;
  /** Columns that may be chosen as key beside the candidates. */
  columns: readonly ColumnView[];
}): JSX.Element {
  const { host, dataset, other, columns } = props;
  const { t } = host;
  const [key, setKey] = useState<readonly string[]>([]);
  const [show, setShow] = useState<Show | null>(null);
  /** The newest answer, whose counts stay while another is awaited. */
  const [last, setLast] = useState<DatasetRowDiffView | null>(null);
  const question = questionOf(dataset, other, key, show);
  const of = JSON.stringify(question);
  const newest = useRef(of);
  newest.current = of;
  const ask = async (): Promise<DatasetRowDiffView> => {
    const found = await host.ask('dataset_row_diff', question);
    // An answer to an earlier question is none to this one.
    if (newest.current === of) {
      setLast(found);
    }
    return found;
  };
  const names = [...new Set([...(last?.candidates ?? []), ...columns.map(({ name }) => name)])];
  return (
    <div class="aml-data-row-diff">
      {last && (
        <>
          <Summary t={t} diff={last} />
          <div class="aml-toolbar">
            <KeyPick
              t={t}
              names={names}
              chosen={key.length > 0 ? key : last.key}
              change={chosen => {
                setKey(chosen);
                setShow(null);
              }}
            />
            {!last.problem && <States t={t} diff={last} show={show} change={setShow} />}
          </div>
        </>
      )}
      <Asked
        t={t}
        of={of}
        ask={ask}
        draw={diff => (
          <>
            {diff.notices.map(notice => (
              <Muted key={notice}>{printable(notice)}</Muted>
            ))}
            {!diff.problem && diff.count > 0 && (
              <RowDiffTable key={of} host={host} question={question} diff={diff} />
            )}
          </>
        )}
      />
    </div>
  );
}

function questionOf(
  dataset: string,
  other: string,
  key: readonly string[],
  show: Show | null
): Question {
  return {
    ...{ dataset, other, limit: DIFF_PAGE },
    ...(key.length > 0 && { key: [...key] }),
    ...(show && { show })
  };
}

function Summary({ t, diff }: { t: Translate; diff: DatasetRowDiffView }): JSX.Element {
  if (diff.problem) {
    return (
      <>
        <Message role="status">{printable(diff.problem)}</Message>
        {diff.candidates.length > 0 && (
          <Muted>
            {t(
              'These may name rows, alone or together: %1.',
              diff.candidates.map(oneLine).join(', ')
            )}
          </Muted>
        )}
      </>
    );
  }
  const counts = [
    t('%1 added', numberText(diff.added)),
    t('%1 removed', numberText(diff.removed)),
    t('%1 changed', numberText(diff.changed))
  ];
  const rows = `${rowsText(diff.rows_before, t)} → ${rowsText(diff.rows_after, t)}`;
  const changed = diff.columns.filter(({ changes }) => changes > 0);
  const words = changed
    .slice(0, SHOWN)
    .map(({ name, changes }) => `${oneLine(name)} ${numberText(changes)}`);
  return (
    <>
      <p role="status">
        {diff.added + diff.removed + diff.changed === 0
          ? t('%1: no row differs, found by %2.', rows, diff.key.map(oneLine).join(', '))
          : `${rows}: ${counts.join(', ')}`}
      </p>
      {words.length > 0 && (
        <Muted>
          {t('Changed cells: %1', words.join(', '))}
          {changed.length > SHOWN ? ', …' : ''}
        </Muted>
      )}
    </>
  );
}

/** Which rows are shown. */
function States(props: {
  t: Translate;
  diff: DatasetRowDiffView;
  show: Show | null;
  change: (show: Show | null) => void;
}): JSX.Element {
  const { t, diff, show, change } = props;
  const all: [Show | null, string, number][] = [
    [null, t('All'), diff.added + diff.removed + diff.changed],
    ['added', t('Added'), diff.added],
    ['removed', t('Removed'), diff.removed],
    ['changed', t('Changed'), diff.changed]
  ];
  return (
    <span role="group" aria-label={t('Rows that are shown')}>
      {all.map(([state, words, count]) => (
        <Button
          key={words}
          aria-pressed={state === show}
          isDisabled={count === 0 && state !== show}
          click={() => change(state)}
        >
          {`${words} ${numberText(count)}`}
        </Button>
      ))}
    </span>
  );
}

/** The columns by which a row is found again: those that name each row once, together. */
function KeyPick(props: {
  t: Translate;
  names: readonly string[];
  chosen: readonly string[];
  change: (chosen: readonly string[]) => void;
}): JSX.Element {
  const { t, names, chosen, change } = props;
  return (
    <details class="aml-data-pick">
      <summary>
        {chosen.length > 0 ? t('Key: %1', chosen.map(cellText).join(', ')) : t('Choose the key')}
      </summary>
      <div class="aml-data-pick-list" role="group" aria-label={t('Columns of the key')}>
        <Limited
          t={t}
          items={names}
          limit={SHOWN}
          draw={(some, more) => (
            <>
              {some.map(name => (
                <Checkbox
                  key={name}
                  isOn={chosen.includes(name)}
                  change={isOn =>
                    change(isOn ? [...chosen, name] : chosen.filter(one => one !== name))
                  }
                >
                  {cellText(name)}
                </Checkbox>
              ))}
              {more}
            </>
          )}
        />
      </div>
    </details>
  );
}
