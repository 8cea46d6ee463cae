// The panel of a run: its head, and tabs of which one is open.
import type { JSX } from 'preact';
import { Part } from '../../ui/boundary';
import { Tabset, type TabEntry } from '../../ui/tabset';
import { Banner } from './banner';
import { Comparison } from './snapshot/comparison';
import { Files } from './snapshot/files';
import { LogViewer } from '../../ui/log/log';
import type { LogReader } from '../../ui/log/reader';
import { Overview } from './overview';
import { SnapshotTab } from './snapshot/tab';
import type { RunState, Scene, TabId } from './state';

export interface PanelProps {
  scene: Scene;
  state: RunState;
}

export function RunPanel(props: PanelProps & { reader: LogReader }): JSX.Element {
  const { scene, state } = props;
  const { t } = scene;
  const { files, warnings, log_size, logs, is_terminal } = state.view;
  const log = (): JSX.Element => (
    <LogViewer
      reader={props.reader}
      log={state.log}
      size={log_size}
      others={logs}
      isOver={is_terminal}
    />
  );
  const tabs: (TabEntry & { id: TabId })[] = [
    { id: 'overview', title: t('Overview'), draw: () => <Overview {...props} /> },
    { id: 'log', title: t('Log'), draw: log },
    {
      ...{ id: 'files', title: t('Files'), draw: () => <Files {...props} /> },
      note: noteOf(files, '', count => t(count === 1 ? '%1 file' : '%1 files', count))
    },
    {
      ...{ id: 'snapshot', title: t('Snapshot'), draw: () => <SnapshotTab {...props} /> },
      note: noteOf(warnings, '△ ', count => t(count === 1 ? '%1 warning' : '%1 warnings', count))
    },
    { id: 'compare', title: t('Compare'), draw: () => <Comparison {...props} /> }
  ];
  return (
    <>
      <Part t={t}>
        <Banner {...props} />
      </Part>
      <Tabset
        t={t}
        label={t('Parts of the run')}
        tabs={tabs}
        open={state.tab}
        change={tab => scene.choose({ tab: tab as TabId })}
      />
    </>
  );
}

/** How many there are; damaged ones are none. */
function noteOf(items: unknown, sign: string, spoken: (count: number) => string): TabEntry['note'] {
  const count = Array.isArray(items) ? items.length : 0;
  return count ? { text: `${sign}${count}`, spoken: spoken(count) } : null;
}

/** Whether this page counts the time by itself. */
export function isCounting({ view, link }: RunState): boolean {
  return link === 'live' && !view.is_terminal && view.started !== null;
}
