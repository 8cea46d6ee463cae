import { describe, expect, it } from 'vitest';
import { keepKeys } from '../../src/ui/keys';

describe('the keys of a screen', () => {
  const node = document.body.appendChild(document.createElement('section'));
  const button = node.appendChild(document.createElement('button'));
  keepKeys(node);
  const isKept = (key: string, init: KeyboardEventInit = {}): boolean => {
    let kept = false;
    const look = (): void => void (kept = node.hasAttribute('data-lm-suppress-shortcuts'));
    document.addEventListener('keydown', look, true);
    button.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...init }));
    document.removeEventListener('keydown', look, true);
    return kept;
  };

  it('are its own before the page looks at them', () => {
    button.focus();
    expect([
      isKept('ArrowDown'),
      isKept(' '),
      isKept('a', { ctrlKey: true }),
      isKept('Home', { metaKey: true })
    ]).toEqual([true, true, true, true]);
  });

  it('leave those of the page to it', () => {
    button.focus();
    expect([
      isKept('s', { ctrlKey: true }),
      isKept('Enter', { shiftKey: true }),
      isKept('x', { altKey: true })
    ]).toEqual([false, false, false]);
  });

  it('are not watched once it is gone', () => {
    button.focus();
    node.remove();
    window.dispatchEvent(new KeyboardEvent('keydown', { key: 'x' }));
    node.removeAttribute('data-lm-suppress-shortcuts');
    document.body.append(node);
    expect(isKept('x')).toBe(false);
  });
});
