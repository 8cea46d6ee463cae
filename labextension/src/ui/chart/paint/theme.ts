// Colours of a chart, from the style sheet, and when to read them again.

export interface Colors {
  /** Pixels of the screen to one of the page. */
  ratio: number;
  muted: string;
  grid: string;
  text: string;
  paper: string;
  font: string;
  palette: string[];
}

export const PALETTE = 8;
const listeners = new Set<() => void>();
let end: (() => void) | null = null;
/** Read once for each screen: all its charts have the same. */
let known = new WeakMap<Element, Colors>();

export function colorsOf(node: Element): Colors {
  const screen = node.closest('.aml-ui') ?? node;
  let colors = known.get(screen);
  if (!colors) {
    colors = readColors(node);
    known.set(screen, colors);
  }
  return colors;
}

function readColors(node: Element): Colors {
  const style = getComputedStyle(node);
  const read = (name: string): string => style.getPropertyValue(`--aml-${name}`).trim();
  return {
    ratio: devicePixelRatio || 1,
    muted: read('muted'),
    grid: read('grid'),
    text: read('text'),
    paper: read('paper'),
    font: `11px ${style.fontFamily}`,
    palette: Array.from({ length: PALETTE }, (_, place) => read(`color-${place}`))
  };
}

/** Be told when the theme or the screen may have changed; returns what ends that. All charts share one observer. */
export function watchTheme(changed: () => void): () => void {
  listeners.add(changed);
  end ??= observe();
  return () => {
    listeners.delete(changed);
    if (listeners.size === 0) {
      end?.();
      end = null;
    }
  };
}

function observe(): () => void {
  const tell = (): void => {
    known = new WeakMap();
    listeners.forEach(listener => listener());
  };
  // JupyterLab and VS Code name the theme in attributes of the body, other places of the root.
  const observer = new MutationObserver(tell);
  for (const node of [document.documentElement, document.body]) {
    observer.observe(node, { attributes: true });
  }
  const end = new AbortController();
  const { signal } = end;
  window.addEventListener('resize', tell, { signal }); // so does a window tell that is moved to a finer screen
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    matchMedia(query).addEventListener('change', tell, { signal });
  }
  return () => {
    observer.disconnect();
    end.abort();
  };
}
