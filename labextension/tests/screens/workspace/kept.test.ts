import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import entry from '../../../src/screens/workspace';
import { recall, remember, type Kept } from '../../../src/screens/workspace/kept';
import {
  chosenExperiment,
  initial,
  placeOf,
  type PanelScene
} from '../../../src/screens/workspace/state';
import { plainly, type Host } from '../../../src/ui/host';
import { experiment } from './page';

const KEY = 'aml-magics:side-panel';
const NOTHING: Kept = {
  ...{ workspace: null, experiments: {} },
  ...{ isArchiveOpen: false, isSweepsOpen: false, isComputesOpen: false, isDataOpen: false },
  ...{ isModelsOpen: false, isServicesOpen: false },
  ...{ isPipelinesOpen: false, isSchedulesOpen: false }
};
const kept = (value: unknown): Kept => {
  localStorage.setItem(KEY, typeof value === 'string' ? value : JSON.stringify(value));
  return recall();
};

beforeEach(() => localStorage.clear());
afterEach(() => vi.restoreAllMocks());

describe('what the panel remembers', () => {
  it('is what was chosen last', () => {
    expect(recall()).toEqual(NOTHING);
    const chosen = {
      ...{ workspace: 'w', experiments: { w: 'digits', other: '' } },
      ...{ isArchiveOpen: true, isSweepsOpen: true, isComputesOpen: true, isDataOpen: true },
      ...{ isModelsOpen: true, isServicesOpen: true },
      ...{ isPipelinesOpen: true, isSchedulesOpen: true }
    };
    remember(chosen);
    expect(recall()).toEqual(chosen);
  });

  it.each(['no JSON', 'null', '5', '"text"', '[]', '{}'])('is nothing where it reads %s', text => {
    expect(kept(text)).toEqual(NOTHING);
  });

  it('is as far as it can be read, of a form that is newer or damaged', () => {
    expect(
      kept({
        ...{ workspace: 5, isArchiveOpen: 'yes', isDataOpen: true, later: { a: 1 } },
        experiments: { w: 'digits', other: 7, third: null }
      })
    ).toEqual({ ...NOTHING, isDataOpen: true, experiments: { w: 'digits' } });
    expect(kept({ workspace: 'w', experiments: 'all' })).toEqual({ ...NOTHING, workspace: 'w' });
    expect(kept({ workspace: 'w', experiments: null })).toEqual({ ...NOTHING, workspace: 'w' });
  });

  it('is no reason to fail where the browser is full', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    expect(() => remember(NOTHING)).not.toThrow();
  });
});

describe('the experiment that is shown', () => {
  const state = (workspace: string | null, name: string, there: string[] | null) => ({
    ...initial({ ...NOTHING, experiments: { w: name } }),
    ...{ workspace, experiments: there?.map(one => experiment(one)) ?? null }
  });

  it('is the one that was chosen in this workspace, where it is there', () => {
    expect(chosenExperiment(state('w', 'digits', ['digits', 'x']))).toBe('digits');
    expect(chosenExperiment(state('other', 'digits', ['digits']))).toBe('');
    expect(chosenExperiment(state('w', 'gone', ['digits']))).toBe('');
    expect(chosenExperiment(state('w', 'digits', null))).toBe('');
    expect(chosenExperiment(state(null, 'digits', ['digits']))).toBe('');
  });

  it('is none where a workspace has a name that every object has', () => {
    expect(chosenExperiment(state('constructor', 'digits', ['digits']))).toBe('');
  });
});

it('a workspace has its place with the host, and no workspace has none', () => {
  const at = vi.fn((name: string) => ({ workspace: name }) as Host);
  const scene = { all: { at } } as unknown as PanelScene;
  expect([placeOf(scene, null), placeOf(scene, 'w')?.workspace]).toEqual([null, 'w']);
  expect(at.mock.calls).toEqual([['w']]);
});

it('the panel stands at the side, is in no output, and asks for nothing to be shown', async () => {
  const ask = vi.fn();
  const host = { ask, workspace: 'w' } as unknown as Host;
  const snapshot = await entry.snapshot(host, { kind: 'workspace' });
  expect([entry.isAtSide, entry.mime, ask.mock.calls.length]).toEqual([true, null, 0]);
  expect(entry.subjectOf(snapshot)).toEqual({ kind: 'workspace' });
  expect(entry.title(snapshot, { kind: 'workspace' }, plainly)).toBe('Azure ML runs');
});
