import { render } from 'preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PartProps } from '../../../src/screens/workspace/lists';
import { Services } from '../../../src/screens/workspace/services';
import { plainly, type Listener } from '../../../src/ui/host';
import type { ServicesView, ViewEvent } from '../../../src/contract.gen';
import { service, services } from '../services/sample';

const parent = document.createElement('div');
const [open, keep, choose, ask, stop] = [vi.fn(), vi.fn(), vi.fn(), vi.fn(), vi.fn()];
let listener: Listener<ViewEvent<ServicesView>> | null;

beforeEach(() => {
  vi.useFakeTimers();
  document.body.append(parent);
  listener = null;
  ask.mockResolvedValue({ state: 'Stopped' });
});
afterEach(() => {
  render(null, parent);
  parent.remove();
  vi.clearAllMocks();
  vi.useRealTimers();
});

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(100);

async function show(state: object, workspace = 'w'): Promise<void> {
  const host = {
    ...{ t: plainly, open, ask },
    follow: (_kind: string, _subject: object, _token: unknown, told: typeof listener) => {
      listener = told;
      return { stop };
    }
  };
  const props = {
    scene: { t: plainly, all: { at: () => host }, keep, choose },
    state: {
      ...{ workspace, services: null, servicesProblem: null, kept: { isServicesOpen: true } },
      ...state
    }
  } as unknown as PartProps;
  render(<Services {...props} />, parent);
  await settle();
}

const button = (words: string): HTMLButtonElement =>
  [...parent.querySelectorAll('button')].find(
    one => one.textContent === words || one.getAttribute('aria-label') === words
  )!;

async function press(words: string): Promise<void> {
  button(words).click();
  await settle();
}

describe('the services at the side', () => {
  it('are listed with their states, and open', async () => {
    const load = { rate: 2.4, p95: 1, errors: 0 };
    await show({
      services: services(service('digits', { load }), service('<b>', { state: 'Failed' }))
    });
    expect(parent.querySelector('b')).toBeNull();
    const items = [...parent.querySelectorAll('.aml-panel-item')];
    expect(items.map(item => item.textContent)).toEqual(['✓ Healthy digits2.4/s', '✗ Failed <b>']);
    (items[0] as HTMLElement).click();
    expect(open).toHaveBeenCalledWith({ kind: 'service', service: 'digits' });
    await press('Open the table of services');
    expect(open).toHaveBeenLastCalledWith({ kind: 'services' });
  });

  it('are followed while they are shown, and only then', async () => {
    await show({ services: services() });
    expect(parent.textContent).toContain('There are no services yet.');
    const view = services(service('new'));
    listener!.event({ type: 'view', token: '', view });
    listener!.link('detached');
    expect(choose).toHaveBeenCalledWith({ services: view, servicesProblem: null });
    await press('▾ Services 0');
    expect(keep).toHaveBeenCalledWith({ isServicesOpen: false });
    await show({ services: view, kept: { isServicesOpen: false } });
    expect(stop).toHaveBeenCalledTimes(1);
    expect(parent.querySelector('li')).toBeNull();
  });

  it('are not there before they are known, and say what is wrong', async () => {
    await show({});
    expect(parent.textContent).toBe('');
    expect(listener).toBeNull();
    await show({ servicesProblem: 'the store is away', kept: { isServicesOpen: false } });
    expect(parent.querySelector('[role=status]')!.textContent).toBe('the store is away');
  });

  it('are stopped once that was asked again', async () => {
    await show({ services: services(service('digits')) });
    await press('Stop digits');
    expect(parent.textContent).toContain('Nobody answers then.');
    await press('Keep');
    expect(ask).not.toHaveBeenCalled();
    await press('Stop digits');
    await press('Stop');
    expect(ask).toHaveBeenCalledWith('service_stop', { service: 'digits' });
  });

  it.each(['Stopped', 'Failed', 'Unhealthy'])(
    'start where they are %s and nothing runs',
    async state => {
      await show({ services: services(service('digits', { state, replicas: 0 })) });
      await press('Start digits');
      expect(ask).toHaveBeenCalledWith('service_start', { service: 'digits' });
    }
  );

  it('say why they could not be started', async () => {
    ask.mockRejectedValue(new Error('no port is free'));
    await show({ services: services(service('digits', { state: 'Stopped', replicas: 0 })) });
    await press('Start digits');
    expect(parent.querySelector('[role=alert]')!.textContent).toBe('no port is free');
    ask.mockResolvedValue({ state: 'Transitioning' });
    await press('Start digits');
    expect(parent.querySelector('[role=alert]')).toBeNull();
  });
});
