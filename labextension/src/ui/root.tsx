// A Preact tree in the page, drawn at most ten times a second and never while nobody sees it.
import { render, type ComponentChildren } from 'preact';
import { keepKeys } from './keys';

const PAUSE = 100;

export interface Root {
  readonly node: HTMLElement;
  /** Draw soon: when it is seen, and not too often. */
  request(): void;
  /** Draw now, as after a click. */
  flush(): void;
  dispose(): void;
}

/**
 * Draw what `view` returns in a new element of `parent`, and again at each `request`.
 *
 * @param label names the section for screen readers.
 */
export function makeRoot(
  parent: HTMLElement,
  className: string,
  label: string,
  view: () => ComponentChildren
): Root {
  const node = document.createElement('section');
  node.className = `aml-ui ${className}`;
  node.setAttribute('aria-label', label);
  keepKeys(node);
  parent.replaceChildren(node);
  let isDirty = false;
  let isOnScreen = true;
  let isDisposed = false;
  let last = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  const draw = (): void => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    timer = undefined;
    frame = 0;
    last = performance.now();
    isDirty = false;
    render(view(), node);
  };
  const plan = (): void => {
    if (isDisposed || !isDirty || !isOnScreen || document.hidden || timer !== undefined || frame) {
      return;
    }
    const wait = last + PAUSE - performance.now();
    const next = (): void => {
      timer = undefined;
      frame = requestAnimationFrame(draw);
    };
    if (wait > 0) {
      timer = setTimeout(next, wait);
    } else {
      next();
    }
  };
  const observer = new IntersectionObserver(entries => {
    isOnScreen = entries.at(-1)?.isIntersecting ?? true;
    plan();
  });
  observer.observe(node);
  document.addEventListener('visibilitychange', plan);
  draw();
  return {
    node,
    request: () => {
      isDirty = true;
      plan();
    },
    flush: () => {
      if (!isDisposed) {
        draw();
      }
    },
    dispose: () => {
      isDisposed = true;
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      observer.disconnect();
      document.removeEventListener('visibilitychange', plan);
      render(null, node);
      node.remove();
    }
  };
}
