import { describe, expect, it } from 'vitest';
import { keepKeys } from '../../src/lab/keys';

describe('the keys of an output', () => {
  const node = document.createElement('div');
  const button = document.createElement('button');
  node.append(button);
  document.body.append(node);
  const isKept = (init: KeyboardEventInit): boolean => {
    let kept = false;
    const look = (): void => void (kept = node.hasAttribute('data-lm-suppress-shortcuts'));
    document.addEventListener('keydown', look, true);
    button.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, ...init }));
    document.removeEventListener('keydown', look, true);
    return kept;
  };

  it('are its own while it has the focus, but for those of the page', () => {
    const release = keepKeys(node);
    button.focus();
    expect(
      [
        { key: 'x' },
        { key: 'ArrowDown' },
        { key: 'ArrowDown', shiftKey: true },
        { key: 'Enter' }
      ].map(isKept)
    ).toEqual([true, true, true, true]);
    expect(
      [
        { key: 's', ctrlKey: true },
        { key: 'c', metaKey: true },
        { key: 'Enter', shiftKey: true }
      ].map(isKept)
    ).toEqual([false, false, false]);
    release();
  });

  it('are not watched without the focus', () => {
    const release = keepKeys(node);
    button.focus();
    button.blur();
    node.removeAttribute('data-lm-suppress-shortcuts');
    expect(isKept({ key: 'x' })).toBe(false);
    release();
  });

  it('come with shift-clicks, which do not reach the notebook', () => {
    const release = keepKeys(node);
    const reached: boolean[] = [];
    document.body.addEventListener('mousedown', event => reached.push(event.shiftKey));
    button.dispatchEvent(new MouseEvent('mousedown', { bubbles: true, shiftKey: true }));
    button.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }));
    expect(reached).toEqual([false]);
    release();
  });
});
