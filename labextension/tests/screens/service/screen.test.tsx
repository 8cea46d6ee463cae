import { describe, expect, it } from 'vitest';
import {
  asked,
  button,
  find,
  followed,
  listener,
  load,
  mount,
  mounted,
  NOW,
  opened,
  parent,
  press,
  service,
  settle,
  tab,
  text
} from './scene';
import { page } from '../run/scene';

describe('a service', () => {
  it('is drawn from its snapshot, before anybody answers', () => {
    mount();

    expect(find('.aml-status').textContent).toBe('✓ Healthy');
    expect(find('h2').textContent).toBe('digits');
    expect(text()).toContain('revision 2');
    expect(text()).toContain('http://127.0.0.1:6789/score');
    expect(text()).toContain('4 requests, 1 error, 0 refused');
    expect(find('table').textContent).toContain('80.0 MB');
    expect(followed).toHaveBeenCalledWith('service', { service: 'digits', window: '5m' });
  });

  it('goes on with what it is told', async () => {
    mount();
    listener.event({ type: 'view', token: 'a', view: service() });
    listener.event({
      type: 'update',
      token: 'b',
      update: { state: 'Unhealthy', load: load([[NOW + 1, 6, 0, 0]], NOW + 2), replicas: [] }
    });
    await settle();

    expect(find('.aml-status').textContent).toBe('△ Unhealthy');
    expect(text()).toContain('10 requests, 1 error,');
    expect(text()).toContain('No process answers.');
  });

  it('says why it is not well, and which revision still answers', async () => {
    const error = { code: 'RunMissing', message: 'no <b>run</b>', details: ['line 3'] };
    mount(service({ state: 'Failed', error, answering: 1 }));

    expect(find('.aml-bad').textContent).toContain('✗ Failed');
    expect(text()).toContain('RunMissing no <b>run</b>');
    expect(text()).toContain('line 3');
    expect(text()).toContain('Revision 1 still answers.');
    await press('Open log');
    expect(find('[data-tab=log]').getAttribute('aria-selected')).toBe('true');
  });

  it('opens its models', async () => {
    mount();
    await press('digits:3');
    expect(opened).toHaveBeenCalledWith({ kind: 'model', name: 'digits', version: 3 });
  });

  it('looks at another stretch of time', async () => {
    mount();
    const select = find<HTMLSelectElement>('.aml-service-row select');
    select.value = '24h';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    await settle();

    expect(followed).toHaveBeenLastCalledWith('service', { service: 'digits', window: '24h' });
  });

  it('takes a newer snapshot until the host tells fresher things', async () => {
    mount();
    mounted!.update({ version: 1, workspace: 'ws', view: service({ state: 'Stopped' }) });
    await settle();
    expect(find('.aml-status').textContent).toBe('⊘ Stopped');

    listener.event({ type: 'view', token: 'a', view: service() });
    mounted!.update({ version: 1, workspace: 'ws', view: service({ state: 'Failed' }) });
    await settle();
    expect(find('.aml-status').textContent).toBe('✓ Healthy');
  });

  it('says that it was deleted, and lets nothing be done then', async () => {
    mount();
    listener.event({ type: 'gone', token: '', message: 'no such service' });
    await settle();

    expect(text()).toContain('deleted');
    expect(button('Delete').getAttribute('aria-disabled')).toBe('true');
  });

  it('shows the shares of the versions of an endpoint', () => {
    const share = { revision: 1, is_control: false };
    mount(
      service({
        traffic: [
          { ...share, version: 'blue', percent: 90, is_default: true },
          { ...share, version: 'green', percent: 10, is_default: false }
        ]
      })
    );
    expect(find('.aml-service-traffic').textContent).toContain('blue 90 %');
    expect(parent.querySelectorAll('progress').length).toBe(2);
  });
});

describe('what can be done with a service', () => {
  it('is asked for once more', async () => {
    mount(service(), { service_stop: () => ({ state: 'Stopped' }) });
    await press('Stop');
    expect(asked).not.toHaveBeenCalled();
    await press('Keep');
    await press('Stop');
    await press('Stop');

    expect(asked).toHaveBeenCalledWith('service_stop', { service: 'digits' });
    expect(find('.aml-status').textContent).toBe('⊘ Stopped');
    expect(button('Start')).toBeTruthy();
  });

  it('starts at once', async () => {
    mount(service({ state: 'Stopped' }), { service_start: () => ({ state: 'Transitioning' }) });
    await press('Start');
    expect(text()).toContain('The service is started.');
  });

  it('deletes', async () => {
    mount(service(), { service_delete: () => ({ state: 'Deleted' }) });
    await press('Delete');
    await press('Delete');
    expect(text()).toContain('The service is deleted.');
    expect(button('Delete').getAttribute('aria-disabled')).toBe('true');
  });

  it('says why it could not be done', async () => {
    mount(service({ state: 'Stopped' }));
    await press('Start');
    expect(find('[role=alert]').textContent).toBe(
      'This could not be done: no answer to service_start'
    );
  });

  it('rolls back to a revision that is not the newest', async () => {
    mount(service(), { service_rollback: () => ({ state: 'Transitioning' }) });
    await tab('revisions');
    expect(text()).toContain('models: digits:1 → digits:3');
    await press('Roll back');
    await press('Roll back');

    expect(asked).toHaveBeenCalledWith('service_rollback', { service: 'digits', revision: 1 });
    expect(text()).toContain('What revision 1 ran is deployed as a new revision.');
  });
});

describe('the log of a service', () => {
  it('is read from its end and follows', async () => {
    const lines = (from: number): ReturnType<typeof page> =>
      page({ file: 'log.txt', files: ['log.txt'], start: from, end: from + 6, size: from + 6 });
    mount(service(), {
      service_log: ({ start }) => ({ ...lines(start ?? 0), lines: [start ? 'more' : 'hello'] })
    });
    await tab('log');
    listener.event({ type: 'update', token: 'b', update: { log_size: 12 } });
    await settle();

    expect(asked).toHaveBeenLastCalledWith('service_log', { service: 'digits', start: 6 });
    expect(find('.aml-log').textContent).toBe('hello\nmore\n');
    expect(text()).not.toContain('timestamps');
  });

  it('shows its last lines where nobody answers', async () => {
    mount();
    await tab('log');
    expect(find('.aml-log').textContent).toBe('hello\n');
    expect(text()).toContain('The log cannot be read: no answer to service_log');
  });

  it('can be searched', async () => {
    mount(service(), {
      service_log: () => page({ file: 'log.txt' }),
      service_log_search: () => ({
        hits: [{ offset: 0, line: 1, time: null }],
        end: 6,
        line: 1,
        size: 6
      })
    });
    await tab('log');
    const box = find<HTMLInputElement>('input[type=search]');
    box.value = 'hel';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    await settle();
    expect(text()).toContain('1 found');
  });
});
