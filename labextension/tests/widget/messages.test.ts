import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { plainly, type Listener } from '../../src/ui/host';
import { Refusal } from '../../src/ui/place/retry';
import { Conversation } from '../../src/widget/conversation';
import { fileLink, fileOf, save, watchFileLinks } from '../../src/widget/download';
import { imported, styled } from '../../src/widget/module';
import { poll } from '../../src/widget/poll';
import { savedFiles } from '../saved_files';
import { Model } from './model';

type Told = { type: string; token?: string; message?: string };
interface Ear extends Listener<Told> {
  events: Told[];
  links: string[];
}
const ear = (): Ear => {
  const events: Told[] = [];
  const links: string[] = [];
  return {
    ...{ events, links },
    event: event => events.push(event),
    link: (link, message) => links.push(message ? `${link}: ${message}` : link)
  };
};
const settled = (time = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(time);

let model: Model;
let talk: Conversation;

beforeEach(() => {
  vi.useFakeTimers();
  model = new Model();
  talk = new Conversation(model, plainly);
});
afterEach(() => {
  talk.dispose();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('what a kernel says', () => {
  it.each([
    null,
    'text',
    7,
    [],
    {},
    { answer: 'one' },
    { answer: 1.5, value: 1 },
    { link: 5 },
    { event: null },
    { event: 0, link: 'constructor' }
  ])('is let be where it is no message: %j', message => {
    const heard = ear();
    talk.follow(null, heard);
    model.say(message);
    expect([heard.events, heard.links]).toEqual([[], ['connecting']]);
  });

  it('is heard from then on by the last that follows, and by nobody after that left', () => {
    const [one, other] = [ear(), ear()];
    const first = talk.follow(null, one);
    const second = talk.follow(null, other);
    first.stop(); // has no say any more
    model.say({ event: { type: 'view', token: '1' } });
    second.stop();
    model.say({ event: { type: 'view', token: '2' } });
    expect([one.events, other.events]).toEqual([[], [{ type: 'view', token: '1' }]]);
    expect(model.sent.filter(({ bye }) => bye)).toHaveLength(2);
  });

  it('brings the view back to life after a silence, and it goes on from what it knew', async () => {
    const heard = ear();
    talk.follow('start', heard);
    model.say({ event: { type: 'rows', token: 'newer' } });
    model.say({ event: { type: 'rows' } });
    await settled(36_000);
    expect(heard.links.at(-1)).toBe('detached: The kernel does not answer.');
    expect(model.hellos).toEqual([{ token: 'start' }, { token: 'newer' }]);
    model.say({ event: { type: 'rows', token: 'newest' } });
    expect(heard.links.at(-1)).toBe('live');
  });

  it('of an answer that comes with an error is the error, also where it is empty', async () => {
    const asked = talk.ask('log', {});
    const failed = expect(asked).rejects.toThrow('');
    model.say({ answer: model.sent.at(-1)!['ask'], error: '', value: 1 });
    await failed;
  });

  it('too late is not taken, and the question is refused as one that may work later', async () => {
    const asked = talk.ask('log', {}, 500).catch((error: unknown) => error);
    const id = model.sent.at(-1)!['ask'];
    await settled(600);
    model.say({ answer: id, value: 'late' });
    const error = await asked;
    expect([error instanceof Refusal, (error as Refusal).kind]).toEqual([true, 'away']);
  });

  it('of several views are apart: each question has a number of its own', () => {
    const other = new Conversation(model, plainly);
    void talk.ask('log', {}).catch(() => undefined);
    void other.ask('log', {}).catch(() => undefined);
    const ids = model.sent.map(({ ask }) => ask);
    expect(new Set(ids).size).toBe(2);
    other.dispose();
  });
});

describe('what is asked again and again', () => {
  it('is told where it changed, and pauses longer while the kernel fails', async () => {
    const heard = ear();
    const views: unknown[] = [1, 1, 2];
    const ask = vi.fn(async () => ({ view: views.shift() ?? 2 }));
    const subscription = poll(ask, () => false, heard);
    await settled(11_000);
    expect(heard.events.map(event => (event as unknown as { view: unknown }).view)).toEqual([1, 2]);
    ask.mockRejectedValue(new Error('busy'));
    await settled(5_000);
    expect(heard.links.at(-1)).toBe('detached: busy');
    const { length } = ask.mock.calls;
    await settled(60_000);
    expect(ask.mock.calls.length - length).toBeLessThan(9);
    subscription.stop();
    await settled(60_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells nothing after it was stopped, also of an answer under way', async () => {
    const heard = ear();
    let answer: (value: { view: number }) => void = () => undefined;
    let fail: (error: Error) => void = () => undefined;
    const late = new Promise<{ view: number }>(
      (resolve, reject) => ([answer, fail] = [resolve, reject])
    );
    poll(
      () => late,
      () => true,
      heard
    ).stop();
    answer({ view: 1 });
    await settled(60_000);
    const failing = new Promise<{ view: number }>((_, reject) => (fail = reject));
    poll(
      () => failing,
      () => true,
      heard
    ).stop();
    fail(new Error('late'));
    await settled(60_000);
    expect([heard.events, heard.links]).toEqual([[], ['connecting', 'connecting']]);
  });
});

describe('links to files', () => {
  const node = document.createElement('div');
  const wanted = vi.fn();
  const click = (target: Element): boolean =>
    target.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));

  it('are followed by a click on them or within them, until nobody watches', () => {
    const end = watchFileLinks(node, wanted);
    const link = node.appendChild(document.createElement('a'));
    link.setAttribute('href', fileLink('run/1', 'a b/ü.txt'));
    const icon = link.appendChild(document.createElement('b'));
    expect([click(icon), click(link)]).toEqual([false, false]);
    expect(wanted.mock.calls).toEqual([
      ['run/1', 'a b/ü.txt'],
      ['run/1', 'a b/ü.txt']
    ]);
    end();
    expect(click(link)).toBe(true);
  });

  it('elsewhere are those of the page', () => {
    wanted.mockClear();
    const end = watchFileLinks(node, wanted);
    const other = node.appendChild(document.createElement('a'));
    expect(click(other)).toBe(true);
    other.setAttribute('href', '#elsewhere');
    expect([click(other), click(node)]).toEqual([true, true]);
    expect(wanted).not.toHaveBeenCalled();
    end();
  });

  it('are none of other addresses', () => {
    expect(['https://x.test/', 'blob:other/a/b', ''].map(fileOf)).toEqual([null, null, null]);
    expect(fileOf('blob:aml-magics/run')).toEqual({ run: 'run', file: '' });
  });

  it('are saved as bytes, never as something that the page would open', async () => {
    const files = savedFiles();
    const bytes = new TextEncoder().encode('<script>');
    save('out/page.html', [new DataView(bytes.buffer)]);
    expect(files[0]).toMatchObject({ name: 'page.html', type: 'application/octet-stream' });
    vi.useRealTimers();
    expect(await files[0]!.text()).toBe('<script>');
  });
});

describe('the code of another screen', () => {
  const addresses = (): void => {
    URL.createObjectURL = vi.fn(() => 'data:text/javascript,export const load = 5');
    URL.revokeObjectURL = vi.fn();
  };

  it('that is no module of a screen fails, and leaves no address behind', async () => {
    addresses();
    await expect(imported({ script: '', style: '' })).rejects.toThrow();
    expect(URL.revokeObjectURL).toHaveBeenCalledTimes(1);
  });

  it('has its style beside the screen, as text', () => {
    const parent = document.createElement('div');
    const node = parent.appendChild(document.createElement('p'));
    const sheet = styled({ script: '', style: '.a::before { content: "</style>" }' }, node);
    expect([...parent.children]).toEqual([sheet, node]);
    expect(sheet.textContent).toContain('</style>');
  });
});
