import { render } from 'preact';
import { afterEach, expect, it, vi } from 'vitest';
import type { PartProps } from '../../../src/screens/workspace/lists';
import { Models } from '../../../src/screens/workspace/models';
import { plainly } from '../../../src/ui/host';
import { models, row } from '../models/sample';
import { button } from '../run/scene';

const parent = document.createElement('div');
afterEach(() => render(null, parent));

function show(state: object): { open: ReturnType<typeof vi.fn>; keep: ReturnType<typeof vi.fn> } {
  const [open, keep] = [vi.fn(), vi.fn()];
  const props = {
    scene: { t: plainly, all: { at: () => ({ open }) }, keep },
    state: {
      ...{ workspace: 'w', models: null, modelsProblem: null, kept: { isModelsOpen: true } },
      ...state
    }
  } as unknown as PartProps;
  render(<Models {...props} />, parent);
  return { open, keep };
}

it('lists models, which open', () => {
  const { open, keep } = show({ models: models([row()]) });
  button(parent, /^digits/).click();
  expect(open).toHaveBeenCalledWith({ kind: 'model', model: 'digits' });
  button(parent, 'Open the table of models').click();
  expect(open).toHaveBeenLastCalledWith({ kind: 'models' });
  button(parent, /Models 1$/).click();
  expect(keep).toHaveBeenCalledWith({ isModelsOpen: false });
});

it('says what is missing or wrong', () => {
  show({});
  expect(parent.textContent).toBe('');
  show({ models: models([]) });
  expect(parent.textContent).toContain('There are no models yet.');
  show({ modelsProblem: 'away' });
  expect(parent.textContent).toContain('away');
});
