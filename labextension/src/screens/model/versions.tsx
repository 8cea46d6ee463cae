// The versions of the name, and what changed from one to another.
import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ModelsView, ModelView } from '../../contract.gen';
import { Part } from '../../ui/boundary';
import { Asked, Message, Muted, Picker } from '../../ui/controls';
import { printable } from '../../ui/format';
import { ModelGrid } from '../models/grid';
import { ModelRows } from '../models/rows';
import { Diff } from '../run/snapshot/diff';
import { shown } from './head';
import type { ModelState, Scene } from './state';

interface Props {
  scene: Scene;
  state: ModelState;
}

export function Versions({ scene, state }: Props): JSX.Element {
  const { host, t } = scene;
  const { view } = state;
  return (
    <>
      <Asked
        t={t}
        of={JSON.stringify([view.name, view.updated, view.versions.length])}
        ask={() => host.ask('models', { name: view.name })}
        draw={found => <VersionTable scene={scene} found={found} />}
      />
      <Part t={t}>
        <Comparison scene={scene} state={state} />
      </Part>
    </>
  );
}

function VersionTable({ scene, found }: { scene: Scene; found: ModelsView }): JSX.Element {
  const { host } = scene;
  const [, draw] = useState({});
  const changed = (): void => draw({});
  const rows = useMemo(() => new ModelRows(host, found, true, changed), [found]);
  useEffect(() => () => rows.stop(), [rows]);
  return (
    <>
      {rows.problem && <Message role="alert">{printable(rows.problem)}</Message>}
      <ModelGrid
        {...{ host, rows, changed }}
        open={row => void shown(scene, row.version)}
        sort={column => void rows.sortBy(column)}
      />
    </>
  );
}

/** From the version that the reader picks to the one that is shown; at first from the one before it. */
function Comparison({ scene, state }: Props): JSX.Element | null {
  const { host, t } = scene;
  const { view } = state;
  const others = view.versions.filter(({ version }) => version !== view.version);
  if (others.length === 0) {
    return <Muted>{t('There is no other version to compare with.')}</Muted>;
  }
  const other = otherOf(view, state.other);
  return (
    <section aria-label={t('What changed')}>
      <h3>{t('What changed')}</h3>
      <div class="aml-toolbar">
        <Picker
          label={t('From ')}
          options={others.map(({ version, aliases }) => [
            String(version),
            [t('version %1', version), ...aliases.map(alias => `@${alias}`)].join(' ')
          ])}
          value={String(other)}
          change={value => scene.choose({ other: Number(value) })}
        />
        <span>{t('to version %1', view.version)}</span>
      </div>
      <Asked
        t={t}
        of={JSON.stringify([view.id, other, view.updated])}
        ask={() => host.ask('model_diff', { model: `${view.name}:${other}`, other: view.id })}
        draw={diff => <Diff diff={diff} t={t} alike={t('The two versions are alike.')} />}
      />
    </section>
  );
}

/** The version that was picked, else the newest before this one, else the newest. */
export function otherOf({ version, versions }: ModelView, picked: number | null): number | null {
  const others = versions.map(each => each.version).filter(each => each !== version);
  return picked !== null && others.includes(picked)
    ? picked
    : (others.find(each => each < version) ?? others[0] ?? null);
}
