// The lineage of a model as a graph: what was read, the run, the model, and what uses it.
import type { JSX } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import type { LineageNodeView, LineageView, NodeKind } from '../../contract.gen';
import { oneLine, shortened } from '../../ui/format';
import type { Subject, Translate } from '../../ui/host';
import { HEIGHT, laidOut, WIDTH, type PlacedNode } from './layout';
import type { Scene } from './state';

/** Letters that fit into a node. */
const [TITLE, NOTE] = [20, 25];

export function Lineage({ scene, lineage }: { scene: Scene; lineage: LineageView }): JSX.Element {
  const { t } = scene;
  const { width, height, nodes, paths } = useMemo(() => laidOut(lineage), [lineage]);
  const arrow = useId();
  return (
    <div class="aml-lineage" role="region" tabIndex={0} aria-label={t('Lineage')}>
      <svg
        {...{ width: width + 4, height: height + 4 }}
        viewBox={`-2 -2 ${width + 4} ${height + 4}`}
      >
        <defs>
          <marker
            {...{ id: arrow, viewBox: '0 0 8 8', refX: 4, refY: 4 }}
            {...{ markerWidth: 7, markerHeight: 7, orient: 'auto' }}
          >
            <path class="aml-lineage-head" d="M0 0 8 4 0 8z" />
          </marker>
        </defs>
        <g aria-hidden="true">
          {paths.map((path, place) => (
            <path key={place} class="aml-lineage-edge" d={path} marker-end={`url(#${arrow})`} />
          ))}
        </g>
        {nodes.map(placed => (
          <Node
            key={JSON.stringify([placed.node.kind, placed.node.id])}
            scene={scene}
            placed={placed}
          />
        ))}
      </svg>
    </div>
  );
}

function Node({ scene, placed }: { scene: Scene; placed: PlacedNode }): JSX.Element {
  const { t } = scene;
  const { node, x, y } = placed;
  const [title, note] = [oneLine(node.title), oneLine(node.note)];
  const kind = kindText(node.kind, t);
  const subject = subjectOf(node);
  const words = [kind, title, note, node.is_gone ? t('gone') : ''].filter(Boolean).join(', ');
  const open = (): void => {
    if (subject) {
      scene.open(subject, `${kind} ${title}`);
    }
  };
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      open();
    }
  };
  return (
    <g
      class={`aml-lineage-node aml-lineage-${node.kind}${node.is_gone ? ' aml-gone' : ''}`}
      transform={`translate(${x} ${y})`}
      aria-label={words}
      {...(subject
        ? { role: 'button', tabIndex: 0, onClick: open, onKeyDown: pressed }
        : { role: 'img' })}
    >
      <title>{words}</title>
      <rect width={WIDTH} height={HEIGHT} rx="4" />
      <text x="10" y="18">
        {shortened(title, TITLE)}
      </text>
      <text class="aml-lineage-note" x="10" y="33">
        {shortened(note ? `${kind} · ${note}` : kind, NOTE)}
      </text>
    </g>
  );
}

function kindText(kind: NodeKind, t: Translate): string {
  return {
    dataset: t('data'),
    code: t('code'),
    environment: t('environment'),
    run: t('run'),
    model: t('model'),
    service: t('service'),
    image: t('image')
  }[kind];
}

/** The screen of a node; null where there is none, and for the model itself. The run's shows its code and packages. */
function subjectOf({ kind, id, is_gone }: LineageNodeView): Subject | null {
  if (is_gone || kind === 'model' || kind === 'image') {
    return null;
  }
  return kind === 'code' || kind === 'environment'
    ? { kind: 'run', run: id }
    : { kind, [kind]: id };
}
