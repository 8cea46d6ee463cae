// One run on the screen: what is known of it, the parts that show it, and the link that brings more.
import { element } from '../../ui/element';
import { oneLine } from '../../ui/format';
import type { Host, Link, Subscription } from '../../ui/host';
import type { RunEvent } from '../../contract.gen';
import { keepKeys } from '../../ui/keys';
import { TERMINAL } from '../../ui/status';
import { Tabs, type Tab } from '../../ui/tabs';
import type { GhostView, RunView } from '../../contract.gen';
import { banner, isCounting } from './banner';
import { comparison } from './comparison';
import { CurveBook } from './curve';
import { files } from './files';
import { Log } from './log';
import { overview } from './overview';
import { Painter } from './painter';
import { guarded, type Part } from './part';
import type { Scene } from './scene';
import { snapshotTab } from './snapshot_tab';
import { applied, isNewer } from './state';

const SECOND = 1_000;

export class Panel {
  readonly node: HTMLElement;
  #view: RunView;
  #subscription: Subscription | null = null;
  /** Nothing more is told. */
  #isOver = false;
  #isDisposed = false;
  #clock: ReturnType<typeof setInterval> | undefined;
  #painter: Painter;
  readonly #scene: Scene;
  readonly #banner: Part;
  readonly #tabs: Tabs;

  constructor(view: RunView, host: Host) {
    this.#view = view;
    this.#scene = this.#makeScene(host, view.id);
    this.#scene.book.load(view.metrics);
    this.#banner = guarded(() => banner(this.#scene), host.t);
    this.#tabs = new Tabs(host.t('Parts of the run'), this.#makeTabs());
    this.node = element(
      'section',
      { class: 'aml-ui aml-run', 'aria-label': host.t('Run %1', oneLine(String(view.name))) },
      [this.#banner.node, this.#tabs.node]
    );
    keepKeys(this.node);
    this.#painter = new Painter(this.node, () => this.#paint());
    this.#paint();
    this.#follow();
  }

  get id(): string {
    return this.#scene.run;
  }

  /** Take over a snapshot of this run, unless the host tells fresher things or it is older. */
  take(view: RunView): void {
    if (this.#scene.link === 'live' || !isNewer(view, this.#view)) {
      return;
    }
    const isResumed = this.#isOver && !view.is_terminal;
    this.#load(view);
    if (isResumed) {
      this.#painter.dispose();
      this.#painter = new Painter(this.node, () => this.#paint());
      this.#scene.link = 'connecting';
      this.#follow();
    }
    this.#changed();
  }

  dispose(): void {
    this.#isOver = this.#isDisposed = true;
    this.#subscription?.stop();
    clearInterval(this.#clock);
    this.#painter.dispose();
    this.#tabs.dispose();
    this.node.remove();
  }

  #makeScene(host: Host, run: string): Scene {
    let ghosts: Promise<GhostView[]> | null = null;
    return {
      ...{ host, t: host.t, run, book: new CurveBook(), link: 'connecting', message: '', skew: 0 },
      ghosts: () => {
        ghosts ??= host.ask('ghosts', { run }).catch((error: unknown) => {
          ghosts = null;
          throw error;
        });
        return ghosts;
      },
      told: (status, reason) => {
        if (!this.#view.is_terminal) {
          this.#view = { ...this.#view, status, reason, is_terminal: TERMINAL.has(status) };
          this.#changed();
        }
      },
      openTab: id => this.#tabs.open(id)
    };
  }

  #follow(): void {
    this.#isOver = false;
    const { host, run } = this.#scene;
    const subscription = host.follow('run', { run }, null, {
      event: event => this.#isOver || this.#event(event),
      link: (link, message = '') => this.#isOver || this.#linked(link, message)
    });
    this.#subscription = subscription;
    if (this.#isOver) {
      subscription.stop(); // It was over before it could be kept.
    }
  }

  #event(event: RunEvent): void {
    switch (event.type) {
      case 'view':
        this.#load(event.view);
        this.#wind(event.view.elapsed);
        break;
      case 'update':
        this.#view = applied(this.#view, event.update);
        this.#scene.book.change(event.update.metrics ?? []);
        this.#wind(event.update.elapsed);
        break;
      case 'end':
        this.#linked('ended', '');
        return;
      case 'gone':
        this.#linked('gone', event.message);
        return;
    }
    if (this.#scene.link === 'connecting') {
      this.#scene.link = 'live';
    }
    this.#changed();
  }

  #linked(link: Link, message: string): void {
    Object.assign(this.#scene, { link, message });
    this.#changed();
    if (link === 'ended' || link === 'gone' || link === 'still') {
      this.#isOver = true;
      this.#subscription?.stop();
      this.#painter.finish();
    }
  }

  #load(view: RunView): void {
    this.#view = view;
    this.#scene.book.load(view.metrics);
  }

  /** Set the clock by what the host says that the run has taken. */
  #wind(elapsed: number | null | undefined): void {
    const started = Date.parse(this.#view.started ?? '');
    if (typeof elapsed === 'number' && isFinite(started)) {
      this.#scene.skew = (Date.now() - started) / SECOND - elapsed;
    }
  }

  #changed(): void {
    if (this.#isDisposed || !isCounting(this.#view, this.#scene)) {
      clearInterval(this.#clock);
      this.#clock = undefined;
    } else {
      this.#clock ??= setInterval(
        () => this.#painter.isSeen && this.#banner.show(this.#view),
        SECOND
      );
    }
    this.#painter.request();
  }

  #paint(): void {
    this.#banner.show(this.#view);
    const { files: all, warnings } = this.#view;
    const { t } = this.#scene;
    this.#note('files', all, '', count => t('%1 files', count));
    this.#note('snapshot', warnings, '△ ', count => t('%1 warnings', count));
    this.#tabs.draw();
  }

  /** Say how many there are; damaged ones are none. */
  #note(tab: string, items: unknown, sign: string, spoken: (count: number) => string): void {
    const count = Array.isArray(items) ? items.length : 0;
    this.#tabs.note(tab, count ? `${sign}${count}` : '', count ? spoken(count) : '');
  }

  #makeTabs(): Tab[] {
    const scene = this.#scene;
    const { t } = scene;
    const tab = (id: string, title: string, make: () => Part): Tab => ({
      id,
      title,
      make: () => {
        const { node, show, dispose } = guarded(make, t);
        return { node, draw: () => show(this.#view), dispose };
      }
    });
    return [
      tab('overview', t('Overview'), () => overview(scene)),
      tab('log', t('Log'), () => new Log(scene)),
      tab('files', t('Files'), () => files(scene)),
      tab('snapshot', t('Snapshot'), () => snapshotTab(scene)),
      tab('compare', t('Compare'), () => comparison(scene))
    ];
  }
}
