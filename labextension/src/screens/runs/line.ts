// Lines of a table in their order.

/** Bring lines into their order without moving the one at `fixed`: what is moved loses the focus. */
export function place(parent: HTMLElement, lines: HTMLElement[], fixed: number): void {
  const first = lines[fixed];
  if (first && first.parentNode !== parent) {
    parent.prepend(first);
  }
  for (let at = fixed + 1; at < lines.length; at += 1) {
    if (lines[at - 1]!.nextSibling !== lines[at]) {
      lines[at - 1]!.after(lines[at]!);
    }
  }
  for (let at = fixed - 1; at >= 0; at -= 1) {
    if (lines[at + 1]!.previousSibling !== lines[at]) {
      lines[at + 1]!.before(lines[at]!);
    }
  }
}
