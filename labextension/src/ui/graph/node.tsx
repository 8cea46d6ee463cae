// A node of a graph: a box with a sign, a title, a line below it, and its ports.
import { Component, type JSX } from 'preact';
import { oneLine, shortened } from '../format';
import type { Translate } from '../host';
import { sign, tone } from '../status';
import type { GraphNode, GraphPort, Point } from './contract';
import { HEIGHT, portX, WIDTH } from './geometry';

/** Letters that fit into a node. */
const [TITLE, NOTE] = [21, 30];

interface Props {
  readonly t: Translate;
  readonly node: GraphNode;
  readonly place: Point;
  readonly isSelected: boolean;
  /** Whether the key Tab leads to it: to one node of a graph it does. */
  readonly isEntry: boolean;
  /** Whether it is drawn too small to be read. */
  readonly isFar: boolean;
  /** Ports of it that an edge which is drawn may lead to. */
  readonly isTarget: boolean;
}

/** Drawn anew only where something of it is another: a graph has a thousand of them. */
export class Node extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    return (Object.keys(next) as (keyof Props)[]).some(key => next[key] !== this.props[key]);
  }

  override render(): JSX.Element {
    const { t, node, place, isSelected, isEntry, isFar, isTarget } = this.props;
    const look = [
      'aml-graph-node',
      node.status && tone(node.status),
      node.class,
      isSelected && 'aml-graph-selected',
      isTarget && 'aml-graph-target'
    ];
    return (
      <g
        class={look.filter(Boolean).join(' ')}
        transform={`translate(${place.x} ${place.y})`}
        role="button"
        tabindex={isEntry ? 0 : -1}
        aria-pressed={isSelected}
        aria-label={wordsOf(node, t)}
        data-node={node.id}
      >
        <rect class="aml-graph-box" width={WIDTH} height={HEIGHT} rx="4" />
        {!isFar && <Inside node={node} />}
      </g>
    );
  }
}

/** What is spoken of a node. */
function wordsOf({ title, note, status, words }: GraphNode, t: Translate): string {
  return [oneLine(title) || t('without a name'), status && oneLine(status), words ?? note]
    .filter(Boolean)
    .join(', ');
}

function Inside({ node }: { node: GraphNode }): JSX.Element {
  const { title, note, status, inputs, outputs } = node;
  const [name, line] = [oneLine(title), oneLine(note)];
  return (
    <>
      <title>{[name, line].filter(Boolean).join('\n')}</title>
      {status && (
        <>
          <rect class="aml-graph-tone" width="4" height={HEIGHT} rx="2" />
          <text class="aml-graph-sign" x="17" y="21">
            {sign(status)}
          </text>
        </>
      )}
      <text class="aml-graph-title" x={status ? 29 : 12} y="21">
        {shortened(name, TITLE)}
      </text>
      <text class="aml-graph-note" x={status ? 29 : 12} y="38">
        {shortened(line, NOTE)}
      </text>
      <Ports ports={inputs} y={0} side="input" />
      <Ports ports={outputs} y={HEIGHT} side="output" />
    </>
  );
}

function Ports(props: {
  ports: readonly GraphPort[];
  y: number;
  side: 'input' | 'output';
}): JSX.Element {
  const { ports, y, side } = props;
  return (
    <>
      {ports.map(({ name }) => (
        <g
          key={name}
          class={`aml-graph-port aml-graph-${side}`}
          data-port={name}
          data-side={side}
          transform={`translate(${portX(ports, name)} ${y})`}
        >
          <title>{oneLine(name)}</title>
          <circle class="aml-graph-reach" r="9" />
          <circle class="aml-graph-dot" r="3.5" />
        </g>
      ))}
    </>
  );
}
