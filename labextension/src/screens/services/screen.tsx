// The table of web services: how each is, what it had to do, and where it answers.
import type { ComponentChildren, JSX } from 'preact';
import type { ServiceRowView, ServicesView } from '../../contract.gen';
import { Part } from '../../ui/boundary';
import { LinkLine, Muted, Status } from '../../ui/controls';
import { momentText, numberText, oneLine } from '../../ui/format';
import { Grid, nextSort, type GridColumn, type Sort } from '../../ui/grid';
import type { Host, Link } from '../../ui/host';
import { makeRoot } from '../../ui/root';
import type { Mount } from '../../ui/screen';
import { Sparkline } from '../../ui/sparkline';
import { Store } from '../../ui/store';
import { Below, type Embedded } from '../runs/below';
import { latencyText, modelsText } from '../service/words';

interface State {
  readonly view: ServicesView;
  readonly link: Link;
  readonly message: string;
  readonly sort: Sort | null;
  /** A service below the table, where the host has no place of its own for it. */
  readonly shown: Embedded | null;
}

const COLUMNS: readonly (Omit<GridColumn, 'title'> & { title: string })[] = [
  { key: 'name', title: 'Service', width: 150 },
  { key: 'state', title: 'State', width: 120 },
  { key: 'models', title: 'Models', width: 140 },
  { key: 'ready', title: 'Ready', width: 70, isNumeric: true, hint: 'Replicas that answer' },
  { key: 'rate', title: 'Requests/s', width: 110, isNumeric: true, hint: 'In the last minute' },
  { key: 'recent', title: 'Last 5 min', width: 104 },
  { key: 'p95', title: 'p95', width: 80, isNumeric: true, hint: 'Latency of the last minute' },
  { key: 'errors', title: 'Errors', width: 80, isNumeric: true, hint: 'In the last minute' },
  { key: 'revision', title: 'Revision', width: 80, isNumeric: true },
  { key: 'kind', title: 'Kind', width: 110 },
  { key: 'updated', title: 'Updated', width: 170 }
];

const VALUES: Record<string, (row: ServiceRowView) => string | number> = {
  name: row => row.name,
  state: row => row.state,
  models: row => modelsText(row.models),
  ready: row => row.ready,
  rate: row => row.load.rate,
  recent: row => row.recent.reduce((sum, count) => sum + count, 0),
  p95: row => row.load.p95 ?? -1,
  errors: row => row.load.errors,
  revision: row => row.revision,
  kind: row => row.kind,
  updated: row => row.updated ?? ''
};

export const mount: Mount = (parent, snapshot, host) => {
  const { t } = host;
  const store = new Store<State>({
    ...{ view: snapshot.view as ServicesView, link: 'connecting', message: '', sort: null },
    shown: null
  });
  const columns = COLUMNS.map(({ title, hint, ...rest }) => ({
    ...{ ...rest, title: t(title), isSortable: true },
    ...(hint ? { hint: t(hint) } : {})
  }));
  const root = makeRoot(parent, 'aml-services', t('Services'), () => (
    <Table host={host} store={store} columns={columns} flush={() => root.flush()} />
  ));
  const unsubscribe = store.subscribe(() => root.request());
  const subscription = host.follow('services', {}, null, {
    event: ({ view }) => store.set({ view, link: 'live' }),
    link: (link, message = '') => store.set({ link, message })
  });
  return {
    update: newer => {
      if (store.state.link !== 'live') {
        store.set({ view: newer.view as ServicesView });
      }
    },
    dispose: () => {
      subscription.stop();
      unsubscribe();
      root.dispose();
    }
  };
};

function Table(props: {
  host: Host;
  store: Store<State>;
  columns: readonly GridColumn[];
  flush: () => void;
}): JSX.Element {
  const { host, store, columns, flush } = props;
  const { t } = host;
  const { view, link, message, sort } = store.state;
  const rows = sorted(view.rows, sort);
  const show = (shown: Embedded | null): void => {
    store.set({ shown });
    flush();
  };
  const open = ({ name }: ServiceRowView): void => {
    const subject = { kind: 'service', service: name };
    if (host.open) {
      host.open(subject);
    } else {
      show({ title: t('Service %1', oneLine(name)), subject });
    }
  };
  const sortBy = (column: string): void => {
    store.set({ sort: nextSort(sort, column) });
    flush();
  };
  return (
    <>
      <h2 class="aml-service-name">{t('Services')}</h2>
      <LinkLine {...{ t, link, message }} />
      <Part t={t}>
        {rows.length === 0 ? (
          <Muted>{t('No services yet. %aml deploy MODEL --entry score.py makes one.')}</Muted>
        ) : (
          <Grid
            {...{ t, columns, sort }}
            label={t('Services')}
            class="aml-services-grid"
            count={rows.length}
            sticky={1}
            rowAt={index => rows[index]}
            keyOf={({ name }) => name}
            cell={(row, { key }) => cellOf(row, key, host)}
            onSort={sortBy}
            onOpen={open}
            onLook={row => host.look?.(row ? { kind: 'service', service: row.name } : null)}
            copied={(row, column) => (row ? String(VALUES[column?.key ?? 'name']!(row)) : '')}
          />
        )}
      </Part>
      <Below host={host} shown={store.state.shown} close={() => show(null)} />
    </>
  );
}

function cellOf(row: ServiceRowView, key: string, { t }: Host): ComponentChildren {
  switch (key) {
    case 'name':
      return (
        <span class="aml-open" title={oneLine(row.description || row.name)}>
          {oneLine(row.name)}
        </span>
      );
    case 'state':
      return (
        <span title={oneLine(row.problem)}>
          <Status status={row.state} />
        </span>
      );
    case 'ready':
      return t('%1 of %2', row.ready, row.replicas);
    case 'rate':
      return numberText(row.load.rate, 3);
    case 'recent':
      return row.recent.length > 0 && <Sparkline values={row.recent} />;
    case 'p95':
      return latencyText(row.load.p95);
    case 'errors':
      return (
        <span class={row.load.errors ? 'aml-bad aml-status' : ''}>
          {numberText(row.load.errors)}
        </span>
      );
    case 'updated':
      return momentText(row.updated);
    default:
      return oneLine(String(VALUES[key]!(row)));
  }
}

function sorted(rows: readonly ServiceRowView[], sort: Sort | null): readonly ServiceRowView[] {
  if (sort === null) {
    return rows;
  }
  const value = VALUES[sort.column]!;
  const sign = sort.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    return sign * (x < y ? -1 : x > y ? 1 : 0);
  });
}
