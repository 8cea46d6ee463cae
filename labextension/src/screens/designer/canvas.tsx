// The canvas: the pipeline as a graph that is edited by hand and by keys.
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { Graph, laidOut, type GraphEdit, type GraphHandle, type Places } from '../../ui/graph';
import { placed } from './change';
import { stepOf } from './document';
import { remove } from './edits';
import { edgesOf, nodesOf, placesOf, type About } from './graph';
import { keysOf } from './keys';
import { MIME, put, type Item } from './palette';
import { canConnect, connect, disconnect } from './ports';
import type { Designer, DesignerState } from './state';

export function Canvas({
  designer,
  state
}: {
  designer: Designer;
  state: DesignerState;
}): JSX.Element {
  const { host, file, tree } = designer;
  const { t } = host;
  const { selected, edge, palette, problems, run } = state;
  const about = useMemo(() => aboutOf(state), [palette, problems, run]);
  const nodes = useMemo(() => nodesOf(tree, about, t), [tree, about]);
  const edges = useMemo(() => edgesOf(tree), [tree]);
  const kept = useMemo(() => placesOf(tree), [tree.layout]);
  const chosen = useMemo(() => new Set(edge === null ? [] : [edge]), [edge]);
  const handle = useRef<GraphHandle | null>(null);
  const edit: GraphEdit = {
    // Where one node was put, all others stay where they are.
    move: (places: Places) =>
      designer.edit(placed(tree, new Map([...laidOut(nodes, edges, kept).places, ...places]))),
    connect: (from, to) => designer.edit(connect(tree, from, to), [to.node]),
    canConnect: (from, to) => canConnect(tree, from, to),
    edges: chosen,
    selectEdge: index => designer.store.set({ edge: index, selected: new Set() })
  };
  const removed = (): void => {
    const { to, isOrder } = edges[edge ?? -1] ?? {};
    if (to && !isOrder) {
      designer.edit(disconnect(tree, to));
    } else if (selected.size > 0) {
      designer.edit(remove(tree, selected), []);
    }
  };
  const keys = keysOf(designer, { handle, nodes, edges, remove: removed });
  return (
    <div
      class="aml-designer-canvas"
      onDragOver={event => event.dataTransfer?.types.includes(MIME) && event.preventDefault()}
      onDrop={event => dropped(event, designer, handle.current)}
      onKeyDown={keys}
    >
      <Graph
        {...{ t, nodes, edges, kept, selected }}
        label={t('Pipeline %1', tree.pipeline.name || file.name)}
        onSelect={(id, isMore) => select(designer, id, isMore)}
        onOpen={id => {
          designer.select([id]);
          queueMicrotask(() => focusForm(handle.current, id));
        }}
        edit={file.isReadOnly ? undefined : edit}
        isFull
        handle={given => {
          handle.current = given;
        }}
      />
      {nodes.length === 0 && <Hint designer={designer} />}
    </div>
  );
}

function Hint({ designer }: { designer: Designer }): JSX.Element {
  const { t } = designer.host;
  return (
    <p class="aml-designer-hint aml-muted">
      {t('Drag a step here, or choose one at the left and press Enter.')}
    </p>
  );
}

function aboutOf({ palette, problems, run }: DesignerState): About {
  return {
    titles: new Map(palette?.kinds.map(({ type, title }) => [type, title])),
    statuses: run?.steps ?? new Map<string, string>(),
    // Of several problems of a step the first is shown on it.
    problems: new Map([...problems].reverse().map(({ step, text }) => [step, text]))
  };
}

function select(designer: Designer, id: string | null, isMore: boolean): void {
  const { selected } = designer.store.state;
  const others = isMore ? [...selected].filter(one => one !== id) : [];
  const isOff = isMore && id !== null && selected.has(id);
  designer.select(id === null || isOff ? others : [...others, id]);
}

function dropped(event: DragEvent, designer: Designer, handle: GraphHandle | null): void {
  const text = event.dataTransfer?.getData(MIME);
  if (!text) {
    return;
  }
  event.preventDefault();
  const at = handle?.pointAt(event.clientX, event.clientY);
  const below = document.elementFromPoint(event.clientX, event.clientY)?.closest('[data-node]');
  const over = below?.getAttribute('data-node') ?? null;
  put(
    designer,
    JSON.parse(text) as Item,
    at,
    over !== null && stepOf(designer.tree, over) ? over : null
  );
}

/** The form of a node is drawn beside the canvas by now; its first field gets the focus. */
function focusForm(handle: GraphHandle | null, id: string): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>(
      '.aml-designer-form :is(input, select, textarea)'
    );
    if (field) {
      field.focus();
    } else {
      handle?.focus(id);
    }
  });
}
