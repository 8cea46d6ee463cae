// A screen that stands alone: it asks for what it shows first, then draws and follows it.
import { element, fill } from '../ui/element';
import { oneLine } from '../ui/format';
import type { Host, Translate } from '../ui/host';
import { mountCompare, mountRun, mountRunTable } from '../ui';
import type { RunQuery } from '../contract.gen';
import type { Mounted } from '../ui/snapshot';
import { VERSION } from '../ui/snapshot';
import type { DatasetView } from '../contract.gen';
import { dataScreen } from './data_screen';
import { delayAfter } from './follower';
import type { Front } from './front';
import { LabHost } from './host';
import { nameOf } from './notice';
import { Refusal, refusalOf } from './refusal';

/** What a screen shows; as JSON it brings the screen back after a reload. */
export type Subject =
  | { kind: 'run'; workspace: string; run: string }
  | { kind: 'runs'; workspace: string; query: RunQuery }
  | { kind: 'compare'; workspace: string; runs: string[] }
  | { kind: 'dataset'; workspace: string; dataset: string; version?: number };

export const ROWS = 100;

interface Drawable {
  title: string;
  mount(parent: HTMLElement, host: Host): { dispose(): void };
}

export class Screen {
  private mounted: Pick<Mounted<unknown>, 'dispose'> | null = null;
  private isOver = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  /** @param titled called with the title, once it is known. */
  constructor(
    private readonly node: HTMLElement,
    private readonly front: Front,
    private readonly subject: Subject,
    private readonly titled: (title: string) => void = () => undefined
  ) {
    this.say(front.t('Loading…'), 'aml-calm');
    void this.load();
  }

  dispose(): void {
    this.isOver = true;
    clearTimeout(this.timer ?? undefined);
    this.mounted?.dispose();
    this.mounted = null;
    fill(this.node);
  }

  private async load(): Promise<void> {
    clearTimeout(this.timer ?? undefined);
    try {
      const found = await drawable(this.front, this.subject);
      if (!this.isOver && this.mounted === null) {
        this.draw(found);
      }
    } catch (error) {
      if (!this.isOver) {
        this.failed(refusalOf(error, this.front.t));
      }
    }
  }

  private draw(found: Drawable): void {
    try {
      fill(this.node);
      this.mounted = found.mount(
        this.node,
        new LabHost(this.front, this.subject.workspace, this.node)
      );
      this.titled(found.title);
    } catch (error) {
      console.error('aml_magics: a screen could not be drawn.', error);
      throw new Refusal('refused', this.front.t('This could not be drawn: %1', String(error)));
    }
  }

  private failed({ kind, message }: Refusal): void {
    if (kind === 'away') {
      this.failures += 1;
      this.timer = setTimeout(() => void this.load(), delayAfter(this.failures));
    }
    this.say(message, 'aml-bad');
  }

  private say(text: string, tone: string): void {
    const again =
      tone === 'aml-bad' &&
      element('button', { type: 'button' }, [this.front.t('Try again')], {
        click: () => void this.load()
      });
    const message = element('div', { class: `aml-message ${tone}`, role: 'status' }, [
      element('p', {}, [text]),
      again
    ]);
    fill(this.node, element('div', { class: 'aml-ui' }, [message]));
  }
}

async function drawable(front: Front, subject: Subject): Promise<Drawable> {
  const { source, t } = front;
  const { workspace } = subject;
  const snapshot = { version: VERSION, workspace };
  switch (subject.kind) {
    case 'run': {
      const view = await source.run(workspace, subject.run);
      return {
        title: nameOf(view),
        mount: (parent, host) => mountRun(parent, { ...snapshot, view }, host)
      };
    }
    case 'runs': {
      const { query } = subject;
      const view = await source.ask(workspace, 'runs', {
        query,
        offset: 0,
        limit: query.limit ?? ROWS
      });
      return {
        title: query.experiment ? t('Runs of %1', query.experiment) : t('Azure ML runs'),
        mount: (parent, host) => mountRunTable(parent, { ...snapshot, query, view }, host)
      };
    }
    case 'compare': {
      const view = await source.ask(workspace, 'compare', { runs: subject.runs });
      return {
        title: t('Comparison of %1 runs', view.runs.length),
        mount: (parent, host) => mountCompare(parent, { ...snapshot, view }, host)
      };
    }
    case 'dataset': {
      const { dataset, version } = subject;
      const [view, mountDataset] = await Promise.all([
        source.ask(workspace, 'dataset', { dataset, version }),
        dataScreen(t)
      ]);
      return {
        title: datasetTitle(view, version, t),
        mount: (parent, host) => mountDataset(parent, { ...snapshot, view }, host)
      };
    }
  }
}

function datasetTitle(
  { name, id }: DatasetView,
  version: number | undefined,
  t: Translate
): string {
  const words = name === null ? t('Dataset %1', id.slice(0, 8)) : oneLine(name);
  return version === undefined || name === null ? words : t('%1, version %2', words, version);
}
