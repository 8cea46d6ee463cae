// When something comes into sight.

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
