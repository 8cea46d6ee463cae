// One of the lists as a table; what can be enabled has a button for that.
import type { ComponentChildren, JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { Button, Muted, Status } from '../../ui/controls';
import { oneLine } from '../../ui/format';
import { Grid, nextSort, type Sort } from '../../ui/grid';
import type { PipelineList, Row } from './lists';
import { setActive, type PipelinesState, type Scene } from './screen';

export function List(props: {
  scene: Scene;
  state: PipelinesState;
  list: PipelineList;
}): JSX.Element {
  const { scene, state, list } = props;
  const { host } = scene;
  const { t } = host;
  const columns = useMemo(
    () => list.columns.map(one => ({ ...one, title: t(one.title) })),
    [list.id]
  );
  const sort = state.sorts[list.id] ?? null;
  const rows = useMemo(() => sorted(list.rows(state.view), sort), [state.view, list.id, sort]);
  if (rows.length === 0) {
    return <Muted>{t(list.empty)}</Muted>;
  }
  return (
    <Grid<Row>
      {...{ t, columns, sort }}
      label={t(list.title)}
      class="aml-pipelines-grid"
      sticky={1}
      count={rows.length}
      rowAt={index => rows[index]}
      keyOf={({ id }) => id}
      cell={(row, { key }) => cellOf(row, key, scene, state.busy)}
      onSort={key => scene.choose({ sorts: { ...state.sorts, [list.id]: nextSort(sort, key) } })}
      onOpen={row =>
        row.subject && scene.open(t('Pipeline %1', oneLine(row.texts.name ?? '')), row.subject)
      }
      onLook={row => host.look?.(row?.subject ?? null)}
      copied={(row, column) => (row ? (row.texts[column?.key ?? 'id'] ?? '') : '')}
    />
  );
}

export function sorted(rows: readonly Row[], sort: Sort | null): readonly Row[] {
  if (sort === null) {
    return rows;
  }
  const way = sort.descending ? -1 : 1;
  const words = new Intl.Collator(undefined, { numeric: true });
  const valueOf = ({ order, texts }: Row): string | number =>
    order[sort.column] ?? texts[sort.column] ?? '';
  return [...rows].sort((one, other) => {
    const [a, b] = [valueOf(one), valueOf(other)];
    return (
      way *
      (typeof a === 'number' && typeof b === 'number' ? a - b : words.compare(String(a), String(b)))
    );
  });
}

function cellOf(row: Row, key: string, scene: Scene, busy: string): ComponentChildren {
  const text = oneLine(row.texts[key] ?? '');
  if (key === 'name' && row.subject) {
    return (
      <span class="aml-open" title={text}>
        {text}
      </span>
    );
  }
  if (key !== 'status') {
    return <span title={text}>{text}</span>;
  }
  return row.kind === 'run' ? (
    <Status status={row.status} />
  ) : (
    <Active row={row} scene={scene} isBusy={busy === row.id} />
  );
}

/** What is archived stays so. */
function Active(props: { row: Row; scene: Scene; isBusy: boolean }): JSX.Element {
  const { row, scene, isBusy } = props;
  const { t } = scene.host;
  const name = oneLine(row.texts.name ?? '');
  const isActive = row.status === 'Active';
  const { link } = scene.store.state;
  const canChange = row.status !== 'Archived' && link !== 'still' && link !== 'gone';
  return (
    <>
      <Status status={row.status} />{' '}
      {canChange && (
        <Button
          class="aml-more"
          isDisabled={isBusy}
          aria-label={isActive ? t('Disable %1', name) : t('Enable %1', name)}
          click={() => void setActive(scene, row, !isActive)}
        >
          {isActive ? t('Disable') : t('Enable')}
        </Button>
      )}
    </>
  );
}
