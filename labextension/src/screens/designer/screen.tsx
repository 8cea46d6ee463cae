// The designer: a pipeline's document as a canvas, with what can be put in at its left and a form at its right.
import type { JSX } from 'preact';
import { Part } from '../../ui/boundary';
import { Button, Message } from '../../ui/controls';
import type { Host } from '../../ui/host';
import { makeRoot } from '../../ui/root';
import { Canvas } from './canvas';
import { DATA, stepOf } from './document';
import { Palette } from './palette';
import { PipelineForm } from './pipeline_form';
import { DataForm } from './port_form';
import { DesignRun } from './run';
import { Designer, type DesignedFile, type DesignerState } from './state';
import { StepForm } from './step_form';
import { Toolbar } from './toolbar';
import './style.css';

export type { DesignedFile } from './state';

/** Draw a file in `parent` as a canvas. */
export function mount(parent: HTMLElement, file: DesignedFile, host: Host): { dispose(): void } {
  const designer = new Designer(host, file);
  const runs = new DesignRun(designer);
  const { store } = designer;
  const root = makeRoot(parent, 'aml-designer', host.t('Designer of pipelines'), () => (
    <Screen {...{ designer, runs }} state={store.state} />
  ));
  // What is edited by hand is drawn at once.
  const unsubscribe = store.subscribe(() => root.flush());
  return {
    dispose: () => {
      unsubscribe();
      runs.dispose();
      designer.dispose();
      root.dispose();
    }
  };
}

function Screen(props: { designer: Designer; runs: DesignRun; state: DesignerState }): JSX.Element {
  const { designer, runs, state } = props;
  const { t } = designer.host;
  if (state.tree === null) {
    return state.isBusy ? (
      <p class="aml-muted">{t('Loading…')}</p>
    ) : (
      <Unreadable {...{ designer, state }} />
    );
  }
  return (
    <>
      <Toolbar {...{ designer, runs, state }} />
      {state.error && (
        <Message tone="aml-bad" role="alert">
          {state.error}
        </Message>
      )}
      {state.said && (
        <Message tone={state.said.isBad ? 'aml-warn' : 'aml-calm'} role="status">
          {state.said.text}
        </Message>
      )}
      <div class="aml-designer-body">
        <Part t={t}>
          <Palette {...{ designer, state }} />
        </Part>
        <Part t={t}>
          <Canvas {...{ designer, state }} />
        </Part>
        <Part t={t}>
          <Form {...{ designer, state }} />
        </Part>
      </div>
    </>
  );
}

/** The file is no pipeline: why not, and the way to its text. */
function Unreadable({
  designer,
  state
}: {
  designer: Designer;
  state: DesignerState;
}): JSX.Element {
  const { t } = designer.host;
  return (
    <div class="aml-designer-unreadable">
      <Message tone="aml-bad" role="alert">
        {t('%1 cannot be shown as a pipeline.', designer.file.path)} {state.error}
      </Message>
      <Button click={() => designer.file.openText()}>{t('Open the text')}</Button>{' '}
      <Button click={() => void designer.read()}>{t('Try again')}</Button>
    </div>
  );
}

/** What the selected node is made of; the pipeline where it is none or several. */
function Form({ designer, state }: { designer: Designer; state: DesignerState }): JSX.Element {
  const { tree } = designer;
  const [id, ...others] = state.selected;
  const step = id === undefined || others.length > 0 ? undefined : stepOf(tree, id);
  if (step) {
    return <StepForm key={id} {...{ designer, state, step }} id={id!} />;
  }
  const name = others.length === 0 && id?.startsWith(DATA) ? id.slice(DATA.length) : null;
  return name !== null && tree.pipeline.data_references?.[name] ? (
    <DataForm key={id} {...{ designer, name }} id={id!} />
  ) : (
    <PipelineForm {...{ designer, state }} />
  );
}
