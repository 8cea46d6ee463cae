import { describe, expect, it, vi } from 'vitest';
import type { TrialView } from '../../../src/contract.gen';
import { curlLines, pythonLines } from '../../../src/screens/service/call/lines';
import { asked, find, mount, press, service, settle, tab, text } from './scene';

const answer = (fields: Partial<TrialView> = {}): TrialView => ({
  ...{ status: 200, reason: 'OK', seconds: 0.0034, headers: { 'x-ms-request-id': 'abc' } },
  ...{ text: '[\n  1\n]', is_json: true, size: 3, is_cut: false },
  ...fields
});
const sample = () => ({ body: '{"data": [[1, 2]]}', source: 'swagger' });
const box = (): HTMLTextAreaElement => find<HTMLTextAreaElement>('textarea');

function type(words: string): void {
  box().value = words;
  box().dispatchEvent(new Event('input', { bubbles: true }));
}

function clipboard(): ReturnType<typeof vi.fn> {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });
  return writeText;
}

describe('the box to try a service', () => {
  it('begins with a sample, sends it, and shows the answer', async () => {
    mount(service(), { service_sample: sample, service_trial: () => answer() });
    await tab('call');
    expect(box().value).toBe('{"data": [[1, 2]]}');
    expect(text()).toContain('The example of the service.');
    await press('Send');

    expect(asked).toHaveBeenLastCalledWith('service_trial', {
      ...{ service: 'digits', body: '{"data": [[1, 2]]}', version: '' }
    });
    expect(text()).toContain('✓ 200 OK');
    expect(text()).toContain('3.4 ms');
    expect(find('.aml-service-answer').textContent).toBe('[\n  1\n]');
    expect(text()).toContain('x-ms-request-id: abc');
  });

  it('is sent by keys', async () => {
    mount(service(), { service_sample: sample, service_trial: () => answer() });
    await tab('call');
    box().dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true })
    );
    await settle();
    expect(text()).toContain('✓ 200 OK');
  });

  it('keeps what is typed while another tab is open', async () => {
    mount(service(), { service_sample: sample });
    await tab('call');
    type('{"mine": 1');
    await settle();
    expect(text()).toContain('This is not JSON');
    await tab('overview');
    await tab('call');
    expect(box().value).toBe('{"mine": 1');
  });

  it('shows an error of the script, and the way to its log', async () => {
    const failed = answer({ status: 500, reason: 'Internal', text: '<b>no</b>', is_cut: true });
    mount(service(), { service_sample: sample, service_trial: () => failed });
    await tab('call');
    await press('Send');

    expect(find('.aml-service-answer').textContent).toBe('<b>no</b>');
    expect(text()).toContain('✗ 500 Internal');
    expect(text()).toContain('This is the beginning of a long answer.');
    await press('Open log');
    expect(find('[data-tab=log]').getAttribute('aria-selected')).toBe('true');
  });

  it('says that nobody answers', async () => {
    mount(service());
    await tab('call');
    expect(box().value).toBe('{"data": []}');
    await press('Send');
    expect(find('[role=alert]').textContent).toBe('no answer to service_trial');
  });

  it('calls a version of an endpoint', async () => {
    const share = { revision: 1, percent: 50, is_default: false, is_control: false };
    const traffic = ['blue', 'green'].map(version => ({ ...share, version }));
    mount(service({ traffic }), { service_sample: sample, service_trial: () => answer() });
    await tab('call');
    const select = find<HTMLSelectElement>('.aml-service-call select');
    select.value = 'green';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    await settle();
    await press('Send');
    expect(asked.mock.lastCall![1]).toMatchObject({ version: 'green' });
  });
});

describe('lines to copy', () => {
  it('have a place for the key, and the key itself only where it is asked for', async () => {
    const written = clipboard();
    mount(service(), { service_sample: sample, service_key: () => ({ key: 'top-secret' }) });
    await tab('call');
    expect(text()).toContain('Bearer <key>');
    await press('Copy');
    expect(written.mock.lastCall![0]).toContain('Bearer <key>');
    expect(asked).not.toHaveBeenCalledWith('service_key', expect.anything());

    await press('Copy with key');

    expect(written.mock.lastCall![0]).toContain('Bearer top-secret');
    expect(text()).not.toContain('top-secret');
    vi.unstubAllGlobals();
  });

  it('have no key where none is needed, and are not there without an address', async () => {
    mount(service({ authentication: 'none' }), { service_sample: sample });
    await tab('call');
    expect(text()).not.toContain('Copy with key');
    expect(text()).not.toContain('Bearer');
  });

  it('hold whatever the body holds', () => {
    const body = `{"it's": "$x\\n"}`;
    expect(curlLines('http://h/score', body, null)).toContain(`-d '{"it'"'"'s": "$x\\n"}'`);
    expect(pythonLines('http://h/score', body, 'k')).toContain(`body = ${JSON.stringify(body)}`);
    expect(pythonLines('http://h/score', body, null)).not.toContain('Authorization');
  });
});
