import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Front } from '../../src/lab/front';
import type { Subscription } from '../../src/ui/host';
import { Ear, json, settle } from './server';

const sent: { address: string; init: RequestInit }[] = [];
let answer: () => Promise<Response>;
vi.mock('@jupyterlab/services', () => ({
  ServerConnection: {
    makeRequest: (address: string, init: RequestInit) => {
      sent.push({ address, init });
      return answer();
    }
  }
}));
vi.mock('@jupyterlab/translation', () => ({
  ITranslator: 'translator',
  nullTranslator: { load: () => ({ __: (text: string) => text }) }
}));

class Signal {
  readonly #slots: (() => void)[] = [];
  connect(slot: () => void): void {
    this.#slots.push(slot);
  }
  emit(): void {
    this.#slots.forEach(slot => slot());
  }
}

let connectionFailure: Signal;
let runningChanged: Signal;

beforeEach(() => {
  sent.length = 0;
  answer = async () => json(['w']);
  connectionFailure = new Signal();
  runningChanged = new Signal();
});

async function start(settings: object = {}, translator: object | null = null): Promise<Front> {
  const { front } = await import('../../src/lab/front_plugin');
  const serverSettings = { baseUrl: 'http://hub.test/user/ada/', init: {}, ...settings };
  const serviceManager = { serverSettings, connectionFailure, sessions: { runningChanged } };
  const { activate } = front as unknown as { activate: (...all: unknown[]) => Front };
  return activate({ serviceManager }, translator);
}

const headers = (): Headers => new Headers(sent.at(-1)!.init.headers);

describe('what the parts of the extension share', () => {
  it.each(['http://hub.test/user/ada/', 'http://hub.test/user/ada'])(
    'reaches the server extension below %s',
    async baseUrl => {
      const { source } = await start({ baseUrl });
      expect(await source.workspaces()).toEqual(['w']);
      expect(sent[0]!.address).toBe('http://hub.test/user/ada/aml-magics/api/workspaces');
      expect(source.fileUrl('w', 'r', 'a.txt')).toBe(
        'http://hub.test/user/ada/aml-magics/api/workspaces/w/runs/r/files/a.txt'
      );
    }
  );

  it('asks with the headers of the page, as of a proxy, and with its own', async () => {
    const { source } = await start({
      init: { headers: { 'X-Proxy': 'key', Accept: 'text/plain' } }
    });
    await source.workspaces();
    expect(headers().get('X-Proxy')).toBe('key');
    expect(headers().get('Accept')).toBe('application/json');
  });

  it('is in the language of the page, with what a sentence tells in it', async () => {
    const asked: string[] = [];
    const words = { __: (text: string, ...values: unknown[]) => `${text}|${values.join()}` };
    const translator = {
      load: (domain: string) => {
        asked.push(domain);
        return words;
      }
    };
    expect((await start({}, translator)).t('%1 of %2', 1, 2)).toBe('%1 of %2|1,2');
    expect(asked).toEqual(['aml_magics']);
    expect((await start()).t('plain')).toBe('plain');
  });

  it('has no places and no notebooks until something puts them there', async () => {
    const { places, notebooks } = await start();
    expect([places, notebooks]).toEqual([null, null]);
  });
});

describe('a server that was away', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Something that is followed, and failed once. */
  const follow = async (): Promise<Subscription> => {
    answer = () => Promise.reject(new TypeError('Failed to fetch'));
    const front = await start();
    const ear = new Ear();
    const followed = front.source.activity(ear);
    await settle();
    expect(ear.now).toBe('detached');
    return followed;
  };

  it('is asked at once when JupyterLab hears of it again', async () => {
    const followed = await follow();
    connectionFailure.emit();
    runningChanged.emit();
    expect(sent).toHaveLength(2);
    followed.stop();
  });

  it('is not asked more often for all else that JupyterLab hears', async () => {
    const followed = await follow();
    runningChanged.emit();
    expect(sent).toHaveLength(1);
    connectionFailure.emit();
    runningChanged.emit();
    await settle();
    runningChanged.emit();
    await settle();
    expect(sent).toHaveLength(2);
    followed.stop();
  });
});
