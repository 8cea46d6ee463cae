// The panel at the side: what runs, the experiments, the runs of one, and what lies below them.
import type { JSX } from 'preact';
import { Part } from '../../ui/boundary';
import { Message } from '../../ui/controls';
import { oneLine, printable } from '../../ui/format';
import { makeRoot } from '../../ui/root';
import type { Mount } from '../../ui/screen';
import { Store } from '../../ui/store';
import { watchVisible } from '../../ui/visibility';
import { Data } from './data';
import { recall, remember } from './kept';
import { Experiments, Running, type PartProps } from './lists';
import { Models } from './models';
import { Pipelines, Schedules } from './pipelines';
import { PanelReader } from './reader';
import { Runs } from './runs';
import { Computes, Sweeps } from './computing';
import { Services } from './services';
import { initial, type PanelScene } from './state';

/** Draw what there is in all workspaces that the host can reach. */
export const mount: Mount = (parent, _snapshot, host) => {
  const { workspaces: all, t } = host;
  if (!all) {
    throw new Error(t('Only one workspace can be reached from here.'));
  }
  const store = new Store(initial(recall()));
  const reader = new PanelReader(store, all);
  const scene: PanelScene = {
    t,
    all,
    choose: change => {
      store.set(change);
      root.flush();
    },
    keep: change => {
      const kept = { ...store.state.kept, ...change };
      remember(kept);
      scene.choose({ kept });
    },
    chooseWorkspace: workspace => {
      store.set({
        ...{ workspace, experiments: null, problem: null },
        ...{ data: null, dataProblem: null, models: null, modelsProblem: null },
        ...{ sweeps: null, sweepsProblem: null, computes: null, computesProblem: null },
        ...{ services: null, servicesProblem: null },
        ...{ pipelines: null, pipelinesProblem: null }
      });
      scene.keep({ workspace });
      reader.lookAnew();
    }
  };
  const root = makeRoot(parent, 'aml-panel', t('Azure ML runs'), () => (
    <Panel scene={scene} state={store.state} />
  ));
  const unsubscribe = store.subscribe(() => root.request());
  const unwatch = watchVisible(parent, isSeen => (isSeen ? reader.start() : reader.stop()));
  return {
    update: () => undefined,
    dispose: () => {
      unwatch();
      reader.stop();
      unsubscribe();
      root.dispose();
    }
  };
};

function Panel({ scene, state }: PartProps): JSX.Element {
  const { t } = scene;
  return (
    <>
      <h2 class="aml-hidden">{t('Azure ML runs')}</h2>
      <Workspace scene={scene} state={state} />
      <Problem scene={scene} state={state} />
      <Part t={t}>
        <Running scene={scene} state={state} />
      </Part>
      <Part t={t}>
        <Experiments scene={scene} state={state} />
      </Part>
      <Part t={t}>
        <Runs scene={scene} state={state} />
      </Part>
      <Part t={t}>
        <Sweeps scene={scene} state={state} />
      </Part>
      <Part t={t}>
        <Pipelines scene={scene} state={state} />
      </Part>
      <Part t={t}>
        <Schedules scene={scene} state={state} />
      </Part>
      <Part t={t}>
        <Computes scene={scene} state={state} />
      </Part>
      <Part t={t}>
        <Data scene={scene} state={state} />
      </Part>
      <Part t={t}>
        <Models scene={scene} state={state} />
      </Part>
      <Part t={t}>
        <Services scene={scene} state={state} />
      </Part>
    </>
  );
}

function Workspace({ scene, state }: PartProps): JSX.Element | null {
  return state.names.length < 2 ? null : (
    <select
      aria-label={scene.t('Workspace')}
      value={state.workspace ?? ''}
      onChange={event => scene.chooseWorkspace(event.currentTarget.value)}
    >
      {state.names.map(name => (
        <option key={name} value={name}>
          {oneLine(name)}
        </option>
      ))}
    </select>
  );
}

/** What is shown stays while the store is away. */
function Problem({ scene, state }: PartProps): JSX.Element | null {
  const { problem, experiments } = state;
  if (problem === null) {
    return null;
  }
  const words = printable(problem);
  return (
    <Message tone={experiments ? 'aml-warn' : 'aml-bad'} role="status">
      {experiments ? scene.t('detached: showing the last data, trying again: %1', words) : words}
    </Message>
  );
}
