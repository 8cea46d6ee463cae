import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Reload } from '../../src/lab/reload';

const leave = (): void => void window.dispatchEvent(new Event('pagehide'));

describe('what is kept through a reload of the page', () => {
  beforeEach(() => {
    sessionStorage.clear();
    history.replaceState(null, '', '/notebooks/a.ipynb');
  });

  it('is what there was when the page was left', () => {
    let now = ['one'];
    expect(new Reload().keep('screens', () => now)).toBeNull();
    now = ['one', 'two'];
    leave();
    expect(new Reload().keep('screens', () => now)).toEqual(['one', 'two']);
    expect(new Reload().keep('panel', () => true)).toBeNull();
  });

  it('is of one notebook, which may have got another name', () => {
    new Reload().keep('panel', () => true);
    history.replaceState(null, '', '/notebooks/renamed.ipynb');
    leave();
    expect(new Reload().keep('panel', () => false)).toBe(true);
    history.replaceState(null, '', '/notebooks/a.ipynb');
    expect(new Reload().keep('panel', () => false)).toBeNull();
  });

  it('is nothing where the browser keeps nothing, or something damaged', () => {
    const full = {
      getItem: () => '{cut',
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      }
    };
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    expect(new Reload(full).keep('panel', () => true)).toBeNull();
    leave();
    expect(warned).toHaveBeenCalledTimes(1);
    warned.mockRestore();
  });
});
