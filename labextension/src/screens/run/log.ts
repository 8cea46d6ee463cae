// The log viewer: the end of a file first, earlier pages on request, and what is new as it comes.
import { div, element, fill, setText } from '../../ui/element';
import { oneLine, printable } from '../../ui/format';
import type { Questions } from '../../contract.gen';
import type { LogPageView, RunView } from '../../contract.gen';
import { button, checkbox, message, wordsOf } from '../../ui/control';
import { logFind, type LogFind } from './log_find';
import { LogLines } from './log_lines';
import type { Part } from './part';
import type { Scene } from './scene';

/** Bytes beyond which the end is read instead of all that lies between. */
const FAR = 1 << 18;

export class Log implements Part {
  readonly node: HTMLElement;
  readonly #lines: LogLines;
  readonly #find: LogFind;
  readonly #earlier: HTMLButtonElement;
  readonly #follow: HTMLButtonElement;
  readonly #files: HTMLSelectElement;
  readonly #problem: HTMLElement;
  #file: string | undefined;
  #size = -1;
  #isBusy = false;
  #turn = 0;
  #isBehind = false;
  #isLoaded = false;
  #view: RunView | null = null;
  readonly #scene: Scene;

  constructor(scene: Scene) {
    this.#scene = scene;
    const { t } = scene;
    this.#earlier = button(t('Load earlier lines'), () => this.#readEarlier(), {
      class: 'aml-log-earlier',
      hidden: true
    });
    this.#lines = new LogLines(t('Log'), this.#earlier, () => this.#mark());
    this.#find = logFind(this.#lines, t, () => this.#mark());
    this.#follow = button('', () => this.#toEnd(), { hidden: true });
    this.#files = element('select', { 'aria-label': t('File'), hidden: true }, [], {
      change: () => {
        this.#file = this.#files.value;
        this.#tail();
      }
    });
    const wrap = checkbox(
      t('wrap'),
      isOn => this.#lines.box.classList.toggle('aml-log-long', !isOn),
      true
    );
    this.#problem = message('', { role: 'alert', hidden: true });
    const head = [this.#files, ...this.#find.nodes, wrap, this.#follow];
    this.node = element('section', { 'aria-label': t('Log') }, [
      div('aml-run-controls', ...head),
      this.#problem,
      this.#lines.box
    ]);
    this.#tail();
  }

  show(view: RunView): void {
    this.#view = view;
    if (view.log_size !== this.#size) {
      this.#isBehind ||= this.#size >= 0;
      this.#size = view.log_size;
      this.#mark();
    }
  }

  dispose(): void {
    this.#turn += 1; // What still comes is void.
  }

  #tail(): void {
    this.#isBehind = false;
    void this.#load({}, page => {
      this.#lines.reset(page);
      return true;
    });
  }

  #toEnd(): void {
    this.#lines.isFollowing = true;
    this.#mark();
    this.#lines.box.focus();
  }

  #readEarlier(): void {
    if (!this.#isBusy) {
      void this.#load({ end: this.#lines.start }, page => {
        this.#lines.prepend(page);
        return true;
      });
    }
  }

  /** Read on from what is loaded. */
  #catchUp(): void {
    if (!this.#isBehind || this.#isBusy || !this.#isLoaded) {
      return;
    }
    const { end } = this.#lines;
    if (this.#file === undefined && this.#size - end > FAR) {
      this.#tail();
      return;
    }
    this.#isBehind = false;
    void this.#load({ start: end }, page => {
      if (page.start !== end) {
        this.#lines.reset(page); // The file began anew, or a part of it is gone.
      } else if (page.end > end) {
        this.#lines.append(page);
      }
      return page.end > end;
    });
  }

  /** Ask for a stretch; `take` says whether to read on where the file is longer. A later request makes an earlier one void. */
  async #load(
    stretch: { start?: number; end?: number },
    take: (page: LogPageView) => boolean
  ): Promise<void> {
    const turn = (this.#turn += 1);
    const question: Questions['log'] = {
      run: this.#scene.run,
      ...(this.#file === undefined ? {} : { file: this.#file }),
      ...stretch
    };
    this.#isBusy = true;
    try {
      const page = await this.#scene.host.ask('log', question);
      if (turn !== this.#turn) {
        return;
      }
      this.#isBehind = (take(page) && this.#lines.end < page.size) || this.#isBehind;
      this.#isLoaded = true;
      this.#offer(page);
      this.#problem.hidden = true;
    } catch (error) {
      if (turn !== this.#turn) {
        return;
      }
      this.#fail(error);
    }
    this.#isBusy = false;
    this.#find.refresh();
    this.#mark();
  }

  /** Without the log itself its last lines still are there. */
  #fail(error: unknown): void {
    this.#problem.hidden = false;
    const again = button(this.#scene.t('Try again'), () => {
      this.#lines.box.focus();
      this.#tail();
    });
    fill(
      this.#problem,
      `${this.#scene.t('The log cannot be read: %1', printable(wordsOf(error)))} `,
      again
    );
    if (!this.#isLoaded && this.#view) {
      this.#lines.reset({
        file: '',
        files: [],
        start: 0,
        end: 0,
        size: 0,
        lines: this.#view.log_tail ?? [],
        errors: []
      });
    }
  }

  #offer({ file, files }: LogPageView): void {
    const before = [...this.#files.options].map(option => option.value);
    if (before.join('\n') !== files.join('\n')) {
      fill(this.#files, ...files.map(each => element('option', { value: each }, [oneLine(each)])));
    }
    this.#files.value = file;
    this.#files.hidden = files.length < 2;
  }

  #mark(): void {
    const { t } = this.#scene;
    const { isFollowing, start } = this.#lines;
    if (start <= 0 && this.#earlier.matches(':focus')) {
      this.#lines.box.focus();
    }
    this.#earlier.hidden = start <= 0;
    if (isFollowing) {
      this.#lines.toEnd(); // Here, since the button above is shown or hidden now.
      this.#catchUp();
    }
    this.#follow.hidden = isFollowing || !(this.#isBehind || this.#view?.is_terminal === false);
    setText(this.#follow, this.#isBehind ? t('follow ↓ (new lines)') : t('follow ↓'));
  }
}
