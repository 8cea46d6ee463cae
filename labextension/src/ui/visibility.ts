// Whether somebody can see a part of the page.

/**
 * Tell at once, and then at each change, whether `node` is on the screen in a page that is shown;
 * without a node only the page counts.
 *
 * @returns what ends the telling.
 */
export function watchVisible(
  node: Element | null,
  changed: (isVisible: boolean) => void
): () => void {
  let isOnScreen = node === null || typeof IntersectionObserver === 'undefined';
  let told: boolean | null = null;
  const tell = (): void => {
    const isVisible = isOnScreen && !document.hidden;
    if (isVisible !== told) {
      told = isVisible;
      changed(isVisible);
    }
  };
  let observer: IntersectionObserver | null = null;
  if (node && !isOnScreen) {
    const seen: IntersectionObserverCallback = entries => {
      isOnScreen = entries[entries.length - 1]?.isIntersecting ?? isOnScreen;
      tell();
    };
    // A panel that is about to be scrolled into view is up to date when it is there.
    observer = new IntersectionObserver(seen, { rootMargin: '200px' });
    observer.observe(node);
  }
  document.addEventListener('visibilitychange', tell);
  tell();
  return () => {
    observer?.disconnect();
    document.removeEventListener('visibilitychange', tell);
  };
}

/** Call once, as soon as `node` is seen; returns what ends the wait. */
export function whenSeen(node: Element, seen: () => void): () => void {
  const observer = new IntersectionObserver(entries => {
    if (entries.some(entry => entry.isIntersecting)) {
      observer.disconnect();
      seen();
    }
  });
  observer.observe(node);
  return () => observer.disconnect();
}
