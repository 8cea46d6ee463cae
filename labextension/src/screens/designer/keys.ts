// Keys of the canvas.
import type { GraphEdge, GraphHandle, GraphNode } from '../../ui/graph';
import { stepOf, type Step } from './document';
import { placesOf } from './graph';
import { paste, type Clip } from './paste';
import type { Designer } from './state';

/** What was copied last, in whichever document. */
let clip: Clip | null = null;

interface Canvas {
  readonly handle: { readonly current: GraphHandle | null };
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  remove(): void;
}

/** What is done with a key that goes down in the canvas. */
export function keysOf(designer: Designer, canvas: Canvas): (event: KeyboardEvent) => void {
  const isMain = (event: KeyboardEvent): boolean => event.ctrlKey || event.metaKey;
  return event => {
    const act = isMain(event)
      ? mainKey(designer, canvas, event)
      : event.altKey
        ? undefined
        : plainKey(canvas, event);
    if (act) {
      event.preventDefault();
      event.stopPropagation();
      act();
    }
  };
}

function plainKey(canvas: Canvas, event: KeyboardEvent): (() => void) | undefined {
  switch (event.key) {
    case 'Delete':
    case 'Backspace':
      return () => canvas.remove();
    case 'Insert':
      return () => {
        const node = (event.currentTarget as Element).closest('.aml-designer');
        node?.querySelector<HTMLElement>('.aml-designer-item')?.focus();
      };
    default:
      return undefined;
  }
}

function mainKey(
  designer: Designer,
  canvas: Canvas,
  event: KeyboardEvent
): (() => void) | undefined {
  switch (event.key.toLowerCase()) {
    case 'z':
      return () => (event.shiftKey ? designer.redo() : designer.undo());
    case 'y':
      return () => designer.redo();
    case 'a':
      return () => designer.select(canvas.nodes.map(({ id }) => id));
    case 'c':
      return () => copy(designer);
    case 'x':
      return () => {
        copy(designer);
        canvas.remove();
      };
    case 'v':
      return () => pasted(designer);
    default:
      return undefined;
  }
}

/** Keep the selected steps for a paste, in this document or another. */
function copy(designer: Designer): void {
  const { tree, store } = designer;
  const steps: [string, Step][] = [...store.state.selected].flatMap(key => {
    const step = stepOf(tree, key);
    return step ? [[key, step] as [string, Step]] : [];
  });
  if (steps.length > 0) {
    const places = [...placesOf(tree)].filter(([id]) => store.state.selected.has(id));
    clip = { steps: Object.fromEntries(steps), places: new Map(places) };
  }
}

function pasted(designer: Designer): void {
  if (clip) {
    const [tree, keys] = paste(designer.tree, clip);
    designer.edit(tree, keys);
  }
}
