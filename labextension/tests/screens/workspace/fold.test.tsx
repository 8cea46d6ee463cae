import { render } from 'preact';
import { expect, it, vi } from 'vitest';
import { Fold, isUnfolded } from '../../../src/screens/workspace/fold';
import type { PanelScene, PanelState } from '../../../src/screens/workspace/state';

const keep = vi.fn();
const stateOf = (isDataOpen: boolean): PanelState => ({ kept: { isDataOpen } }) as PanelState;

function shown(isOpen: boolean, count: number | null, problem: string | null): HTMLElement {
  const parent = document.createElement('div');
  render(
    <Fold
      scene={{ keep } as unknown as PanelScene}
      state={stateOf(isOpen)}
      {...{ part: 'isDataOpen', title: 'Data', count, problem }}
    >
      {() => 'inside'}
    </Fold>,
    parent
  );
  return parent;
}

it('is folded until asked for', () => {
  const folded = shown(false, 3, null);
  expect(folded.textContent).toBe('▸ Data 3');
  folded.querySelector('button')!.click();
  expect(keep).toHaveBeenCalledWith({ isDataOpen: true });
  expect(shown(true, 3, null).textContent).toBe('▾ Data 3inside');
});

it('is open where its data cannot be read, and not there before they are', () => {
  expect(isUnfolded(stateOf(false), 'isDataOpen', 'away')).toBe(true);
  expect(shown(false, null, 'away').querySelector('[role=status]')!.textContent).toBe('away');
  expect(shown(false, 2, 'away').textContent).toContain('inside');
  expect(shown(true, null, null).textContent).toBe('');
});
