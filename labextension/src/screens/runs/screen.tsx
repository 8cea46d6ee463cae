// A table of runs that is alive.
import type { JSX } from 'preact';
import { Part } from '../../ui/boundary';
import { Button, LinkLine, Message, Muted } from '../../ui/controls';
import { numberText, oneLine, printable } from '../../ui/format';
import { makeRoot } from '../../ui/root';
import type { Mount } from '../../ui/screen';
import type { RunTableSnapshot } from './state';
import { AboveTable } from './above';
import { Below, type Embedded } from './below';
import { RunGrid } from './run_grid';
import { Table } from './table';
import { Toolbar } from './toolbar';
import { useLayout } from './columns/use_layout';

/** A table that is not as wide as this shows what fits to the side of a page. */
const SIDE = 440;
/** Those of the grid. */
const BORDERS = 2;

/** Draw the snapshot in `parent` and follow what it shows through the host. */
export const mount: Mount = (parent, snapshot, host, selection) => {
  let shown: Embedded | null = null;
  const embed = (next: Embedded | null): void => {
    shown = next;
    root.flush();
  };
  const { t } = host;
  const table = new Table(snapshot as RunTableSnapshot, host, selection, {
    open: id => {
      const subject = { kind: 'run', run: id };
      const row = table.rowsOf([id])[0];
      const name = oneLine(row?.name ?? '') || id.slice(0, 8);
      if (host.open) {
        host.open(subject);
      } else {
        embed({ title: t('Run %1', name), subject });
      }
    },
    compare: (compared, count) => {
      const subject = { kind: 'compare', ...compared };
      if (host.open) {
        host.open(subject);
      } else {
        const title = t('Comparison of %1 runs', numberText(count));
        embed({ title, subject, selection: table.picked });
      }
    }
  });
  const root = makeRoot(
    parent,
    'aml-run-list',
    t('Runs of %1', oneLine(snapshot.workspace)),
    () => <Screen table={table} shown={shown} close={() => embed(null)} />
  );
  const stop = watched(root, table);
  table.start();
  return {
    update: newer => table.update(newer as RunTableSnapshot),
    dispose: () => {
      stop();
      table.dispose();
      root.dispose();
    }
  };
};

/** What the reader does, which is answered at once. */
const DEEDS = ['click', 'dblclick', 'keydown', 'input', 'change', 'contextmenu', 'submit'];

/**
 * Draw what changes: at once what the reader does, else when there is time. Returns what ends that.
 *
 * Nothing is drawn before the handlers of an event have run: a field that is drawn anew with the text that was
 * known before would lose what was typed into it.
 */
function watched(root: ReturnType<typeof makeRoot>, table: Table): () => void {
  let isDeed = false;
  let isDue = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    isDue = false;
    root.flush();
  };
  const unsubscribe = table.store.subscribe(() => {
    if (!isDeed) {
      root.request();
    } else if (!isDue) {
      isDue = true;
      queueMicrotask(flush);
    }
  });
  const begin = (): void => {
    isDeed = true;
    clearTimeout(timer);
    timer = setTimeout(() => {
      isDeed = false;
    });
  };
  DEEDS.forEach(type => root.node.addEventListener(type, begin, true));
  const observer = new ResizeObserver(() => {
    const grid = root.node.querySelector('.aml-grid');
    const width = root.node.clientWidth && (grid?.clientWidth || root.node.clientWidth - BORDERS);
    if (width > 0 && width !== table.width) {
      table.width = width;
      table.store.set({ isNarrow: width < SIDE });
    }
  });
  observer.observe(root.node);
  return () => {
    clearTimeout(timer);
    observer.disconnect();
    unsubscribe();
  };
}

function Screen(props: { table: Table; shown: Embedded | null; close(): void }): JSX.Element {
  const { table, shown, close } = props;
  const { host, state } = table;
  const { t } = host;
  const layout = useLayout(table);
  return (
    <>
      <LinkLine t={t} link={state.link} message={state.message} isQuiet />
      <Part t={t}>
        <Toolbar table={table} />
      </Part>
      <Part t={t}>
        <NoticeLine table={table} />
      </Part>
      <Part t={t}>
        {table.lines.count > 0 ? (
          <RunGrid table={table} columns={layout.columns} />
        ) : (
          <Nothing table={table} />
        )}
      </Part>
      <Part t={t}>
        <AboveTable table={table} keys={layout.keys} shown={layout.shown} />
      </Part>
      <Part t={t}>
        <Below host={host} shown={shown} close={close} />
      </Part>
    </>
  );
}

function NoticeLine({ table }: { table: Table }): JSX.Element | null {
  const { notice } = table.state;
  const { t } = table.host;
  if (notice === null) {
    return null;
  }
  const { text, isBad, undo } = notice;
  return (
    <Message tone={isBad ? 'aml-bad' : 'aml-calm'} role={isBad ? 'alert' : 'status'}>
      {printable(text)} {undo && <Button click={undo}>{isBad ? t('Try again') : t('Undo')}</Button>}{' '}
      <Button
        class="aml-close"
        aria-label={t('Close the message')}
        click={() => table.store.set({ notice: null })}
      >
        ✕
      </Button>
    </Message>
  );
}

/** Why there is no run, and what to do. */
function Nothing({ table }: { table: Table }): JSX.Element {
  const { t } = table.host;
  const { asked, total } = table.state;
  const { experiment, status, filter } = table.snapshot.query;
  if (total > 0 || asked.text.trim() || asked.isStarredOnly) {
    return <Muted>{t('No run meets the filter.')}</Muted>;
  }
  if (status || filter) {
    return <Muted>{t('No run meets the query: %1', oneLine(filter || status!))}</Muted>;
  }
  const first = t(
    'Begin a cell with %1 and it becomes a run, shown here while it runs.',
    '%%aml_run'
  );
  return (
    <Muted>
      {t(experiment ? 'The experiment has no runs yet. %1' : 'There are no runs yet. %1', first)}
    </Muted>
  );
}
