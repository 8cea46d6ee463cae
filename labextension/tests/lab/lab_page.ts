// A page of JupyterLab, as far as the plugins use it; its server answers as a test says.
import { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';
import type { Front } from '../../src/lab/front';
import type { ActiveRun } from '../../src/ui/host';
import { frontOf } from './front';
import { json, Server, settle, Stream } from './server';

export class LabPage {
  readonly server = new Server();
  readonly front: Front;
  readonly commands = new CommandRegistry();
  /** The commands that the palette and the launcher offer. */
  readonly palette: string[] = [];
  readonly launcher: string[] = [];
  /** The tabs of the main area, and which one is in front. */
  readonly tabs: Widget[] = [];
  shown: string | null = null;
  #stream: Stream | null = null;
  #told = 0;

  constructor() {
    this.front = frontOf(this.server);
  }

  /** Activates a plugin with those of its optional parts that are given. */
  activate(plugin: object, ...parts: unknown[]): unknown {
    const { activate } = plugin as { activate: (...all: unknown[]) => unknown };
    return activate({ commands: this.commands, shell: this.shell }, this.front, ...parts);
  }

  readonly paletteOf = (list: string[]): object => ({
    add: ({ command }: { command: string }) => void list.push(command),
    addItem: ({ command }: { command: string }) => void list.push(command)
  });

  readonly shell = {
    currentWidget: null as Widget | null,
    add: (widget: Widget) => void this.tabs.push(widget),
    activateById: (id: string) => {
      this.shown = id;
    }
  };

  /** What the server was asked last by this address. */
  request(address: string): Server['last'] {
    const found = this.server.requests.filter(one => one.address.startsWith(address)).at(-1);
    if (!found) {
      throw new Error(`nothing was asked at ${address}`);
    }
    return found;
  }

  /** How often this address was asked. */
  count(address: string): number {
    return this.server.requests.filter(one => one.address.startsWith(address)).length;
  }

  async answer(address: string, value: unknown, status = 200): Promise<void> {
    await settle();
    await this.request(address).answer(json(value, status));
  }

  /** Tells on the stream of what runs, which is asked for already. */
  async running(...runs: ActiveRun[]): Promise<void> {
    if (!this.#stream) {
      this.#stream = new Stream();
      await this.request('activity').answer(this.#stream.response);
    }
    await this.#stream.tell('view', String((this.#told += 1)), { runs });
  }
}

export function active(id: string, fields: Partial<ActiveRun> = {}): ActiveRun {
  return {
    ...{ workspace: 'w', id, short_id: id, number: 1, name: `run ${id}`, experiment: 'digits' },
    ...{ status: 'Running', started: null, elapsed: 5 },
    ...fields
  };
}
