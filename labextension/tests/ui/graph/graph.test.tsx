import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Graph, type GraphHandle, type GraphProps } from '../../../src/ui/graph';
import { plainly } from '../../../src/ui/host';
import { edge, node } from './bed';

let parent: HTMLElement;

beforeEach(() => {
  parent = document.createElement('div');
  document.body.append(parent);
});

afterEach(() => {
  render(null, parent);
  parent.remove();
});

function show(given: Partial<GraphProps>): GraphProps {
  const props: GraphProps = {
    ...{ t: plainly, label: 'Steps', nodes: [], edges: [], selected: new Set() },
    ...{ onSelect: vi.fn(), onOpen: vi.fn(), ...given }
  };
  void act(() => render(<Graph {...props} />, parent));
  return props;
}

const nodes = (): Element[] => [...parent.querySelectorAll('[data-node]')];
const named = (id: string): Element => nodes().find(one => one.getAttribute('data-node') === id)!;
const press = (target: Element, key: string, more: KeyboardEventInit = {}): KeyboardEvent => {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
  void act(() => void target.dispatchEvent(event));
  return event;
};
const pointer = (target: EventTarget, type: string, clientX: number, more: object = {}): void => {
  const event = new MouseEvent(type, { bubbles: true, clientX, clientY: 20, ...more });
  void act(() => void target.dispatchEvent(Object.assign(event, { pointerId: 1 })));
};
const viewOf = (): string => parent.querySelector('svg > g')!.getAttribute('transform')!;

const TWO = { nodes: [node('a'), node('b')], edges: [edge('a', 'b')] };

describe('a graph', () => {
  it('shows text as text, and says each node aloud', () => {
    const title = '<img src=x onerror=alert(1)>';
    show({
      nodes: [node('a', { title, note: 'reused', status: 'Completed' }), node('b', { title: '' })]
    });
    expect(parent.querySelector('img')).toBeNull();
    expect(named('a').getAttribute('aria-label')).toBe(`${title}, Completed, reused`);
    expect(named('b').getAttribute('aria-label')).toBe('without a name');
    expect(named('a').textContent).toContain('✓');
  });

  it('can be entered by the key Tab at one node', () => {
    show({ ...TWO, selected: new Set(['b']) });
    expect(nodes().map(one => one.getAttribute('tabindex'))).toEqual(['-1', '0']);
    expect(named('b').getAttribute('aria-pressed')).toBe('true');
  });

  it('is walked by arrows, and opened by Enter', () => {
    const { onSelect, onOpen } = show(TWO);
    expect(press(named('a'), 'ArrowDown').defaultPrevented).toBe(true);
    expect(onSelect).toHaveBeenLastCalledWith('b', false);
    expect(document.activeElement).toBe(named('b'));
    press(named('b'), 'Home');
    expect(document.activeElement).toBe(named('a'));
    press(named('a'), 'End');
    expect(document.activeElement).toBe(named('b'));
    press(named('b'), 'Enter');
    expect(onOpen).toHaveBeenCalledWith('b');
    press(named('b'), ' ', { shiftKey: true });
    expect(onSelect).toHaveBeenLastCalledWith('b', true);
    press(named('b'), 'Escape');
    expect(onSelect).toHaveBeenLastCalledWith(null, false);
  });

  it('leaves keys to others that it has no use for', () => {
    const onKey = vi.fn();
    show({ ...TWO, onKey });
    expect(press(named('a'), 'Delete').defaultPrevented).toBe(false);
    expect(onKey).toHaveBeenLastCalledWith(expect.anything(), 'a');
    press(named('a'), 'ArrowDown', { ctrlKey: true });
    expect(onKey).toHaveBeenCalledTimes(2);
  });

  it('becomes larger and smaller, and fits again', () => {
    show(TWO);
    const first = viewOf();
    for (const key of ['+', '-', '-']) {
      const before = viewOf();
      press(parent.querySelector('svg')!, key);
      expect(viewOf()).not.toBe(before);
    }
    press(parent.querySelector('svg')!, '0');
    expect(viewOf()).toBe(first);
  });

  it('moves with the pointer, and a click chooses', () => {
    const { onSelect } = show(TWO);
    const first = viewOf();
    pointer(named('a'), 'pointerdown', 0);
    pointer(window, 'pointermove', 30);
    pointer(window, 'pointerup', 30);
    expect(viewOf()).not.toBe(first);
    expect(onSelect).not.toHaveBeenCalled();
    pointer(named('b'), 'pointerdown', 0);
    pointer(window, 'pointerup', 1, { shiftKey: true });
    expect(onSelect).toHaveBeenLastCalledWith('b', true);
    pointer(parent.querySelector('svg')!, 'pointerdown', 0);
    pointer(window, 'pointerup', 1);
    expect(onSelect).toHaveBeenLastCalledWith(null, false);
  });

  it('opens a node by a double click', () => {
    const { onOpen } = show(TWO);
    pointer(named('b'), 'dblclick', 0);
    expect(onOpen).toHaveBeenCalledWith('b');
  });

  it('lets the page scroll unless it has all of it, and zooms with Ctrl', () => {
    const wheel = (ctrlKey: boolean): WheelEvent => {
      const event = new WheelEvent('wheel', {
        deltaY: 50,
        ctrlKey,
        bubbles: true,
        cancelable: true
      });
      void act(() => void parent.querySelector('svg')!.dispatchEvent(event));
      return event;
    };
    show(TWO);
    expect(wheel(false).defaultPrevented).toBe(false);
    expect(wheel(true).defaultPrevented).toBe(true);
    show({ ...TWO, isFull: true });
    expect(wheel(false).defaultPrevented).toBe(true);
  });

  it('draws edges that nobody chooses together, those of the selected node apart', () => {
    const edges = [edge('a', 'b'), edge('b', 'c'), edge('b', 'd')];
    show({ nodes: ['a', 'b', 'c', 'd'].map(id => node(id)), edges, selected: new Set(['a']) });
    const paths = [...parent.querySelectorAll('.aml-graph-edge')];
    expect(paths.map(path => path.getAttribute('class'))).toEqual([
      'aml-graph-edge ',
      'aml-graph-edge aml-graph-chosen'
    ]);
  });

  it('draws of a large graph only what is seen, and finds the rest', () => {
    const many = Array.from({ length: 600 }, (_, at) => node(`n${at}`));
    const edges = many.slice(1).map(({ id }, at) => edge(`n${at}`, id));
    let handle: GraphHandle;
    show({ nodes: many, edges, handle: given => (handle = given) });
    expect(nodes()).toHaveLength(600);
    for (let step = 0; step < 14; step += 1) {
      press(parent.querySelector('svg')!, '+');
    }
    expect(nodes().length).toBeLessThan(100);
    void act(() => handle.focus('n599'));
    expect(document.activeElement).toBe(named('n599'));
    void act(() => handle.focus('gone'));
    expect(document.activeElement).toBe(named('n599'));
  });
});

describe('a graph that is edited', () => {
  const edit = {
    move: vi.fn(),
    connect: vi.fn(),
    canConnect: vi.fn(() => true),
    edges: new Set([0]),
    selectEdge: vi.fn()
  };
  const PORTS = {
    nodes: [node('a', { outputs: [{ name: 'out' }] }), node('b', { inputs: [{ name: 'in' }] })],
    edges: [edge('a', 'b')],
    kept: new Map([
      ['a', { x: 0, y: 0 }],
      ['b', { x: 0, y: 100 }]
    ]),
    edit
  };

  beforeEach(() => vi.clearAllMocks());

  it('drags nodes', () => {
    show(PORTS);
    pointer(named('a'), 'pointerdown', 0);
    pointer(window, 'pointermove', 30);
    expect(named('a').getAttribute('transform')).toBe('translate(30 0)');
    pointer(window, 'pointerup', 30);
    expect(edit.move).toHaveBeenCalledWith(new Map([['a', { x: 30, y: 0 }]]));
  });

  it('lets a drag be that the system takes away', () => {
    show(PORTS);
    pointer(named('a'), 'pointerdown', 0);
    pointer(window, 'pointermove', 30);
    pointer(window, 'pointercancel', 30);
    expect(edit.move).not.toHaveBeenCalled();
    expect(named('a').getAttribute('transform')).toBe('translate(0 0)');
  });

  it('draws an edge from an output to an input', () => {
    show(PORTS);
    const input = named('b').querySelector('[data-port] circle')!;
    document.elementFromPoint = () => input;
    pointer(named('a').querySelector('[data-port] circle')!, 'pointerdown', 0);
    pointer(parent.querySelector('svg')!, 'pointermove', 30);
    expect(parent.querySelector('.aml-graph-rubber')).not.toBeNull();
    expect(named('b').getAttribute('class')).toContain('aml-graph-target');
    pointer(parent.querySelector('svg')!, 'pointerup', 30);
    expect(edit.connect).toHaveBeenCalledWith(
      { node: 'a', port: 'out' },
      { node: 'b', port: 'in' }
    );
    expect(parent.querySelector('.aml-graph-rubber')).toBeNull();
  });

  it('connects nothing that cannot be', () => {
    show(PORTS);
    edit.canConnect.mockReturnValueOnce(false).mockReturnValueOnce(false);
    document.elementFromPoint = () => named('b');
    pointer(named('a').querySelector('[data-port] circle')!, 'pointerdown', 0);
    pointer(parent.querySelector('svg')!, 'pointermove', 30);
    pointer(parent.querySelector('svg')!, 'pointerup', 30);
    expect(edit.connect).not.toHaveBeenCalled();
  });

  it('chooses edges', () => {
    show(PORTS);
    const [line] = parent.querySelectorAll('.aml-graph-near');
    pointer(line!, 'pointerdown', 0);
    expect(edit.selectEdge).toHaveBeenCalledWith(0);
    expect(parent.querySelector('.aml-graph-edge')!.getAttribute('class')).toContain('chosen');
  });
});
