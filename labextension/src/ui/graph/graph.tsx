// A graph of steps: laid out from above to below, moved and made larger by hand, walked along its edges by keys.
import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Button } from '../controls';
import type { GraphNode, GraphProps, Layout } from './contract';
import { Edges } from './edges';
import { boxOf, curveOf, endOf } from './geometry';
import { nodeAt, useHands, type Hands, type Rubber } from './hands';
import { laidOut } from './layout';
import { Node } from './node';
import { useView, type Sight } from './use_view';
import { drawnPart, pointIn, revealed } from './viewport';
import { isArrow, outermost, reached } from './walk';

/** Nodes up to which all are drawn, whether they are seen or not. */
const FEW = 200;
/** The scale below which a title cannot be read. */
const FAR = 0.35;
/** How high a graph is at the most, where its nodes decide. */
const HIGHEST = 520;
const STEP = 1.25;

export function Graph(props: GraphProps): JSX.Element {
  const { t, nodes, edges, kept, isFull, handle } = props;
  const surface = useRef<SVGSVGElement>(null);
  // Another status moves nothing: only other nodes and edges do.
  const shape = JSON.stringify([nodes.map(shapeOf), edges]);
  const layout = useMemo(() => laidOut(nodes, edges, kept), [shape, kept]);
  const sight = useView(
    surface,
    useMemo(() => boxOf(layout.places), [layout])
  );
  const hands = useHands(props, layout, sight);
  const focus = useFocus(surface, props, layout, sight);
  useLayoutEffect(() => {
    handle?.({
      fit: sight.fit,
      focus,
      pointAt: (clientX, clientY) => {
        const { left, top } = surface.current!.getBoundingClientRect();
        return pointIn(sight.view, { x: clientX - left, y: clientY - top });
      }
    });
  });
  const { top, bottom } = boxOf(layout.places);
  const height = Math.min(HIGHEST, bottom - top + 32);
  return (
    <div class={`aml-graph${isFull ? ' aml-graph-full' : ''}`}>
      <div class="aml-graph-buttons" role="toolbar" aria-label={t('Sight')}>
        {props.children}
        <Button aria-label={t('Larger')} title={t('Larger (+)')} click={() => sight.zoom(STEP)}>
          +
        </Button>
        <Button
          aria-label={t('Smaller')}
          title={t('Smaller (−)')}
          click={() => sight.zoom(1 / STEP)}
        >
          −
        </Button>
        <Button title={t('Show all of it (0)')} click={sight.fit}>
          {t('Fit')}
        </Button>
      </div>
      <svg
        ref={surface}
        class="aml-graph-surface"
        role="group"
        aria-label={props.label}
        style={isFull ? undefined : { height }}
        onPointerDown={hands.down}
        onDblClick={hands.doubleClick}
        onWheel={hands.wheel}
        onKeyDown={event => pressed(event, props, layout, sight, focus)}
      >
        <g transform={`translate(${sight.view.x} ${sight.view.y}) scale(${sight.view.scale})`}>
          <Content {...{ props, layout, sight, hands }} />
        </g>
      </svg>
    </div>
  );
}

function shapeOf({ id, inputs, outputs }: GraphNode): unknown {
  return [id, inputs.map(({ name }) => name), outputs.map(({ name }) => name)];
}

interface ContentProps {
  readonly props: GraphProps;
  readonly layout: Layout;
  readonly sight: Sight;
  readonly hands: Hands;
}

/** Edges and nodes; they stay as they are while only the sight of them moves. */
function Content({ props, layout, sight, hands }: ContentProps): JSX.Element {
  const { t, nodes, edges, selected, edit } = props;
  const { dragged, rubber } = hands;
  const shown = useMemo(() => whileDragged(layout, dragged), [layout, dragged]);
  const byId = useMemo(() => new Map(nodes.map(node => [node.id, node])), [nodes]);
  const isFar = sight.view.scale < FAR;
  const part = nodes.length > FEW ? drawnPart(sight.view, sight.size) : null;
  const entry = entryOf(nodes, selected);
  const target = rubber?.to?.node;
  const drawnEdges = useMemo(
    () => <Edges nodes={byId} edges={edges} layout={shown} selected={selected} edit={edit} />,
    [byId, edges, shown, selected, edit]
  );
  const drawnNodes = useMemo(
    () =>
      nodes.map(node => {
        const place = shown.places.get(node.id)!;
        const isSelected = selected.has(node.id);
        const isOut =
          part &&
          (place.x < part.left ||
            place.x > part.right ||
            place.y < part.top ||
            place.y > part.bottom);
        return isOut && node.id !== entry ? null : (
          <Node
            {...{ key: node.id, t, node, place, isSelected, isFar }}
            isEntry={node.id === entry}
            isTarget={node.id === target}
          />
        );
      }),
    [nodes, shown, selected, isFar, JSON.stringify(part), entry, target]
  );
  return (
    <>
      <g aria-hidden="true">{drawnEdges}</g>
      {drawnNodes}
      {rubber && <RubberBand rubber={rubber} nodes={byId} layout={shown} />}
    </>
  );
}

function whileDragged(layout: Layout, dragged: Layout['places'] | null): Layout {
  return dragged ? { ...layout, places: new Map([...layout.places, ...dragged]) } : layout;
}

/** The node that the key Tab leads to: the selected one, or the first. */
function entryOf(nodes: readonly GraphNode[], selected: ReadonlySet<string>): string | undefined {
  return (nodes.find(({ id }) => selected.has(id)) ?? nodes[0])?.id;
}

function RubberBand(props: {
  rubber: Rubber;
  nodes: ReadonlyMap<string, GraphNode>;
  layout: Layout;
}): JSX.Element | null {
  const { rubber, nodes, layout } = props;
  const start = endOf(nodes, layout.places, rubber.from, true);
  return start && <path class="aml-graph-edge aml-graph-rubber" d={curveOf([start, rubber.at])} />;
}

/** What brings a node into sight and gives it the focus, once it is drawn. */
function useFocus(
  surface: { current: SVGSVGElement | null },
  { nodes }: GraphProps,
  { places }: Layout,
  sight: Sight
): (id: string) => void {
  const [wanted, want] = useState<{ id: string } | null>(null);
  useLayoutEffect(() => {
    const found = [...(surface.current?.querySelectorAll<SVGGElement>('[data-node]') ?? [])];
    // Ids are anybody's, so none is put into a selector.
    const node = wanted && found.find(one => one.getAttribute('data-node') === wanted.id);
    node?.focus({ preventScroll: true });
  }, [wanted]);
  return id => {
    const place = places.get(id);
    if (place && nodes.some(node => node.id === id)) {
      sight.move(view => revealed(view, place, sight.size));
      want({ id });
    }
  };
}

function pressed(
  event: KeyboardEvent,
  props: GraphProps,
  { places }: Layout,
  sight: Sight,
  focus: (id: string) => void
): void {
  const { edges, onSelect, onOpen, onKey } = props;
  const { key } = event;
  const id = nodeAt(event.target);
  const go = (to: string | null | undefined): void => {
    if (to !== null && to !== undefined) {
      onSelect(to, false);
      focus(to);
    }
  };
  const acts = new Map<string, () => unknown>([
    ['Enter', () => id !== null && onOpen(id)],
    [' ', () => id !== null && onSelect(id, event.shiftKey)],
    ['Escape', () => onSelect(null, false)],
    ['Home', () => go(outermost(places)?.[0])],
    ['End', () => go(outermost(places)?.[1])],
    ['+', () => sight.zoom(STEP)],
    ['=', () => sight.zoom(STEP)],
    ['-', () => sight.zoom(1 / STEP)],
    ['0', sight.fit]
  ]);
  const act = isArrow(key)
    ? () => id !== null && go(reached(places, edges, id, key))
    : acts.get(key);
  if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    event.stopPropagation(); // a notebook has a use for the key, too
    act();
    return;
  }
  onKey?.(event, id);
}
