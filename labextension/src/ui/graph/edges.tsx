// The edges of a graph. Those that nobody can choose are drawn together, as a few long paths.
import type { JSX } from 'preact';
import type { GraphEdge, GraphEdit, GraphNode, Layout } from './contract';
import { drawnEdge, type Drawn } from './geometry';

interface EdgesProps {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly edges: readonly GraphEdge[];
  readonly layout: Layout;
  readonly selected: ReadonlySet<string>;
  readonly edit?: GraphEdit;
}

interface Line extends Drawn {
  readonly index: number;
  readonly look: string;
}

export function Edges(props: EdgesProps): JSX.Element {
  const { edit } = props;
  const lines = linesOf(props);
  if (edit) {
    return (
      <>
        {lines.map(line => (
          <g key={line.index} onPointerDown={() => edit.selectEdge(line.index)}>
            <path class="aml-graph-near" d={line.curve} />
            <Path look={line.look} lines={[line]} />
          </g>
        ))}
      </>
    );
  }
  const looks = [...new Set(lines.map(({ look }) => look))].sort();
  return (
    <>
      {looks.map(look => (
        <Path key={look} look={look} lines={lines.filter(line => line.look === look)} />
      ))}
    </>
  );
}

function Path({ look, lines }: { look: string; lines: readonly Line[] }): JSX.Element {
  return (
    <>
      <path class={`aml-graph-edge ${look}`} d={lines.map(({ curve }) => curve).join('')} />
      <path class={`aml-graph-head ${look}`} d={lines.map(({ head }) => head).join('')} />
    </>
  );
}

function linesOf({ nodes, edges, layout, selected, edit }: EdgesProps): Line[] {
  return edges.flatMap((edge, index) => {
    const drawn = drawnEdge(nodes, layout, edge, index);
    if (!drawn) {
      return [];
    }
    const isNear =
      edit?.edges.has(index) ?? (selected.has(edge.from.node) || selected.has(edge.to.node));
    const look = `${edge.isOrder ? 'aml-graph-order' : ''}${isNear ? ' aml-graph-chosen' : ''}`;
    return [{ ...drawn, index, look: look.trim() }];
  });
}
