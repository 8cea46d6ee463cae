import { render } from 'preact';
import { afterEach, expect, it, vi } from 'vitest';
import type { ComputeView, SweepRowView } from '../../../src/contract.gen';
import { Computes, Sweeps } from '../../../src/screens/workspace/computing';
import type { PartProps } from '../../../src/screens/workspace/lists';
import { plainly } from '../../../src/ui/host';
import { button } from '../run/scene';

const parent = document.createElement('div');
const [open, keep] = [vi.fn(), vi.fn()];
afterEach(() => {
  render(null, parent);
  vi.clearAllMocks();
});

const P = '<img src=x onerror="window.__pwned=1">';
const sweep: SweepRowView = {
  ...{ id: 'HD_1', name: P, experiment: 'e', status: 'Running', metric: 'acc' },
  ...{ goal: 'MAXIMIZE', best: 0.25, done: 3, total: 20 }
};
const compute = { name: 'pool', kind: 'AmlCompute', description: '', busy: 1, max_nodes: 4 };

function show(Part: typeof Sweeps, state: object): void {
  const kept = { isSweepsOpen: true, isComputesOpen: true };
  const unknown = { sweeps: null, sweepsProblem: null, computes: null, computesProblem: null };
  const props = {
    scene: { t: plainly, all: { at: () => ({ t: plainly, open }) }, keep },
    state: { workspace: 'w', kept, ...unknown, ...state }
  } as unknown as PartProps;
  render(<Part {...props} />, parent);
}

it('lists sweeps with how far they are, which open', () => {
  show(Sweeps, { sweeps: { workspace: 'w', rows: [sweep], more: true } });
  expect(parent.textContent).toContain(`${P}3/200.25`);
  expect(parent.querySelector('img')).toBeNull();
  expect(parent.textContent).toContain('Older ones are among the runs.');
  button(parent, /3\/20/).click();
  expect(open).toHaveBeenCalledWith({ kind: 'sweep', run: 'HD_1' });
  button(parent, /Sweeps 1$/).click();
  expect(keep).toHaveBeenCalledWith({ isSweepsOpen: false });
});

it('lists compute targets with what waits, which open', () => {
  const rows = [{ ...compute, waiting: 2 } as ComputeView];
  show(Computes, { computes: { workspace: 'w', rows } });
  button(parent, /pool.*1 of 4 work.*2 wait/).click();
  expect(open).toHaveBeenCalledWith({ kind: 'computes', compute: 'pool' });
  button(parent, 'Open the compute targets').click();
  expect(open).toHaveBeenLastCalledWith({ kind: 'computes' });
});

it('says what is missing or wrong', () => {
  show(Sweeps, {});
  expect(parent.textContent).toBe('');
  show(Sweeps, { sweeps: { workspace: 'w', rows: [], more: false } });
  expect(parent.textContent).toContain('There are no sweeps yet.');
  show(Computes, { computesProblem: 'away' });
  expect(parent.textContent).toContain('away');
});
