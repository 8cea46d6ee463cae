// The first look at a run.
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import type { RunView } from '../../contract.gen';
import { Part } from '../../ui/boundary';
import { Button, Fold, LongText, Muted } from '../../ui/controls';
import { printable } from '../../ui/format';
import { Children } from './children';
import { Curves } from './curves/curves';
import { Datasets } from './datasets';
import { Logged } from './logged';
import type { PanelProps } from './panel';
import { Scalars } from './scalars';
import type { Scene } from './state';
import { styled } from '../../ui/log/styled';
import { Values } from './values';

export function Overview({ scene, state }: PanelProps): JSX.Element {
  const { t } = scene;
  const { view } = state;
  return (
    <div class={state.isInCell ? 'aml-run-overview aml-run-in-cell' : 'aml-run-overview'}>
      <Part t={t}>
        {view.description && (
          <p class="aml-run-description" dir="auto">
            <LongText t={t} text={view.description} />
          </p>
        )}
      </Part>
      {/* The cell shows the traceback itself. */}
      {!state.isInCell && (
        <Part t={t}>
          <Traceback t={t} view={view} />
        </Part>
      )}
      <div class="aml-run-pair">
        <div>
          <Part t={t}>
            <Values t={t} title={t('Parameters')} values={view.params} />
          </Part>
          <Part t={t}>
            <Values t={t} title={t('Tags')} values={view.tags} />
          </Part>
        </div>
        <Part t={t}>
          <Scalars t={t} metrics={view.metrics} />
        </Part>
      </div>
      <Part t={t}>
        <Curves {...scene} />
      </Part>
      <Part t={t}>
        <Logged {...scene} />
      </Part>
      <Part t={t}>
        <Datasets scene={scene} datasets={view.datasets} />
      </Part>
      <Part t={t}>
        <Children scene={scene} items={view.children} />
      </Part>
      {/* The cell prints it below. */}
      {!state.isInCell && (
        <Part t={t}>
          <LogTail scene={scene} lines={view.log_tail} />
        </Part>
      )}
      <Part t={t}>
        <Nothing t={t} view={view} />
      </Part>
    </div>
  );
}

/** Where the run failed; the banner says why. */
function Traceback({ t, view }: { t: Scene['t']; view: RunView }): JSX.Element | null {
  const text = view.error?.traceback;
  return text ? (
    <section aria-label={t('Error')}>
      <Fold title={t('Traceback')}>
        <pre class="aml-mono" tabIndex={0}>
          {printable(text)}
        </pre>
      </Fold>
    </section>
  ) : null;
}

/** The last lines that were printed, and the way to the others. */
function LogTail({ scene, lines }: { scene: Scene; lines: string[] }): JSX.Element | null {
  const { t, openTab } = scene;
  const box = useRef<HTMLPreElement>(null);
  const shown = useRef(lines);
  const selection = document.getSelection();
  // Who selects in it wants to copy.
  if (!selection || selection.isCollapsed || !box.current?.contains(selection.anchorNode)) {
    shown.current = lines;
  }
  const text = useMemo(
    () => shown.current.flatMap((line, place) => styled(place ? `\n${line}` : line)),
    [shown.current]
  );
  return lines.length > 0 ? (
    <section>
      <div class="aml-run-head">
        <h3>{t('Log')}</h3>
        <Button click={() => openTab('log')}>{t('Open log')}</Button>
      </div>
      <pre
        class="aml-run-tail aml-mono"
        tabIndex={0}
        role="region"
        aria-label={t('The last lines of the log')}
        ref={box}
      >
        <span>{text}</span>
      </pre>
    </section>
  ) : null;
}

function Nothing({ t, view }: { t: Scene['t']; view: RunView }): JSX.Element | null {
  const { metrics, log_tail, error, children, is_terminal } = view;
  const isEmpty = !metrics.length && !log_tail.length && !error && !children.length;
  return isEmpty ? (
    <Muted>{is_terminal ? t('Nothing was logged.') : t('Nothing is logged yet.')}</Muted>
  ) : null;
}
