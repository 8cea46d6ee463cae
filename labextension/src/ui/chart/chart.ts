// A chart in the page: the plot, and around it the title, what is read out, a table and the keyboard.
import { button } from '../control';
import { element, fill, setAttributes, setText, span } from '../element';
import type { Chart, ChartOptions } from './contract';
import { scroller } from './grid';
import { moveBy, panTo, zoomBy } from './keys';
import { Legend } from './legend';
import { Model, type Range } from './model';
import { Plot } from './plot';
import { pointText, summaryText } from './summary';
import { drawTable } from './table';
import { watchTheme } from './theme';
import { Voice } from './voice';

const TABLE_PAUSE = 1_000;

/** Draw a chart at the end of `parent`; it is as wide as that. */
export function drawChart(parent: HTMLElement, options: ChartOptions): Chart {
  return new PageChart(parent, options);
}

class PageChart implements Chart {
  readonly #model: Model;
  readonly #legend: Legend;
  readonly #voice = new Voice();
  readonly #title = span('aml-chart-title');
  readonly #yLabel = span('aml-muted aml-chart-y');
  readonly #note = element('p', { class: 'aml-muted aml-chart-note' });
  readonly #table = scroller('aml-chart-table', '');
  readonly #resetButton: HTMLButtonElement;
  readonly #tableButton: HTMLButtonElement;
  readonly #root: HTMLElement;
  readonly #observer = new ResizeObserver(() => this.#room() !== this.#width && this.#draw());
  readonly #unwatch: () => void;
  readonly #plot: Plot;
  /** What was drawn last; 0 where there was no room. */
  #width = 0;
  /** Where the crosshair is, and whether keys put it there. */
  #at: number | null = null;
  #isKeyed = false;
  #frame = 0;
  #tableTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(parent: HTMLElement, options: ChartOptions) {
    this.#model = new Model({ ...options });
    this.#legend = new Legend(this.#model, () => this.#refresh());
    const { t } = options;
    this.#table.hidden = true;
    this.#resetButton = button(t('Reset zoom'), () => this.#userZoom(null), { hidden: true });
    this.#tableButton = button(t('Table'), () => this.#toggleTable(), { 'aria-pressed': false });
    this.#plot = new Plot(this.#model, {
      moved: x => this.#moved(x),
      selected: range => this.#userZoom(range),
      reset: () => this.#userZoom(null),
      pressed: event => this.#key(event),
      left: () => this.#point(null)
    });
    this.#root = element('figure', { class: 'aml-chart' }, [
      element('figcaption', { class: 'aml-chart-head' }, [
        this.#title,
        this.#yLabel,
        this.#resetButton,
        this.#tableButton
      ]),
      ...[this.#plot.node, this.#table, this.#legend.node, this.#note, this.#voice.node]
    ]);
    parent.append(this.#root);
    this.#unwatch = watchTheme(() => this.#plot.isStale && this.#draw());
    this.#refresh();
    this.#observer.observe(this.#plot.node);
  }

  set(options: Partial<ChartOptions>): void {
    Object.assign(this.#model.options, options);
    this.#model.update();
    this.#refresh();
  }

  zoom(range: Range | null): void {
    this.#model.zoom = range;
    this.#refresh();
  }

  dispose(): void {
    this.#observer.disconnect();
    this.#unwatch();
    this.#voice.dispose();
    clearTimeout(this.#tableTimer);
    cancelAnimationFrame(this.#frame);
    this.#root.remove();
  }

  /** Write and draw all that the model holds. */
  #refresh(): void {
    const { title, yLabel, height, t } = this.#model.options;
    setText(this.#title, title);
    setText(this.#yLabel, yLabel!);
    setAttributes(this.#plot.node, {
      'aria-label': `${summaryText(this.#model)}. ${t('Arrows move, + and - zoom, Escape shows all.')}`
    });
    setAttributes(this.#table, { 'aria-label': t('Points of %1', title) });
    this.#plot.node.style.height = this.#table.style.maxHeight = `${height}px`;
    this.#resetButton.hidden = this.#model.zoom === null;
    this.#legend.update();
    setText(this.#note, this.#noteText());
    this.#note.hidden = this.#note.textContent === '';
    this.#refreshTable();
    this.#legend.read(this.#at);
    this.#draw();
  }

  #noteText(): string {
    const { dropped, isEmpty, options } = this.#model;
    if (dropped > 0) {
      return options.t('Points of 0 or less, which have no logarithm: %1', dropped);
    }
    return isEmpty ? options.t('There is no finite value to draw.') : '';
  }

  /** Draw the curves, once there is room for them. */
  #draw(): void {
    this.#width = this.#room();
    if (this.#width > 0) {
      this.#plot.draw(this.#width, this.#model.options.height);
      this.#plot.point(this.#at);
    }
  }

  #room(): number {
    return this.#plot.node.hidden ? 0 : this.#plot.node.clientWidth;
  }

  #moved(x: number | null): void {
    if (x === null && this.#isKeyed) {
      return; // The keys' crosshair stays when the pointer goes.
    }
    this.#isKeyed = false;
    this.#at = x === null ? null : this.#model.snap(x);
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#point(this.#at);
    });
  }

  /** Put the crosshair somewhere, or take it away. */
  #point(at: number | null): void {
    this.#at = at;
    this.#isKeyed &&= at !== null;
    this.#plot.point(at);
    this.#legend.read(this.#at);
  }

  #userZoom(range: Range | null): void {
    if (range === null && this.#model.zoom === null) {
      return;
    }
    if (range === null && document.activeElement === this.#resetButton) {
      this.#plot.node.focus(); // the button goes, the focus does not
    }
    this.zoom(range);
    this.#model.options.zoomed?.(range);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    if (event.key === 'Escape' && this.#model.zoom !== null) {
      this.#userZoom(null);
    } else if (!this.#keyZoom(event.key) && !this.#keyMove(event.key)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #keyZoom(key: string): boolean {
    const range = zoomBy(key, this.#model, this.#isKeyed ? this.#at : null);
    if (range !== undefined) {
      this.#userZoom(range);
    }
    return range !== undefined;
  }

  #keyMove(key: string): boolean {
    const at = moveBy(key, this.#model, this.#at);
    if (at === null) {
      return false;
    }
    this.#isKeyed = true;
    this.#at = at;
    const range = panTo(at, this.#model);
    if (range !== this.#model.zoom) {
      this.#userZoom(range);
    } else {
      this.#point(at);
    }
    this.#voice.say(pointText(this.#model, at));
    return true;
  }

  #toggleTable(): void {
    const isShown = this.#plot.node.hidden;
    this.#plot.node.hidden = !isShown;
    this.#table.hidden = isShown;
    setAttributes(this.#tableButton, { 'aria-pressed': !isShown });
    if (isShown) {
      fill(this.#table);
    }
    this.#refreshTable();
    this.#draw();
  }

  /** Write the table at once where it is empty, else now and then. */
  #refreshTable(): void {
    if (this.#table.hidden) {
      return;
    }
    if (this.#table.childElementCount === 0) {
      drawTable(this.#table, this.#model);
    } else {
      this.#tableTimer ??= setTimeout(() => {
        this.#tableTimer = undefined;
        drawTable(this.#table, this.#model);
      }, TABLE_PAUSE);
    }
  }
}
