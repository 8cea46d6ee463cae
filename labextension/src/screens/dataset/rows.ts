// The rows of a dataset: sorted by a click, filtered, and taken along as CSV.
import { button, message, muted, wordsOf } from '../../ui/control';
import { div, element, fill, setAttributes, setText } from '../../ui/element';
import { numberText, oneLine, printable } from '../../ui/format';
import { csvLines, download } from '../../ui/csv';
import { nextSort, type Sort } from '../runs/order';
import type { Sight } from '../../ui/tabs';
import { RowGrid } from './grid';
import { gridColumns, type GridColumn } from './grid_column';
import { Pages, type Query } from './pages';
import type { Scene } from './scene';
import { wholeText } from './words';

/** Milliseconds without a key before a filter is asked for. */
const PAUSE = 400;
/** Letters of a value that its cell surely shows. */
const SHOWN = 30;
let boxes = 0;

export function rows(scene: Scene): Sight {
  return new Rows(scene);
}

class Rows implements Sight {
  readonly node = div('aml-data-rows');
  readonly #grid: RowGrid;
  readonly #pages: Pages;
  readonly #columns: GridColumn[];
  readonly #count = element('span', { class: 'aml-count', role: 'status' });
  readonly #problem = element('span', {
    class: 'aml-bad aml-problem',
    role: 'status',
    id: `aml-data-filter-${(boxes += 1)}`
  });
  readonly #box: HTMLInputElement;
  readonly #failure = div();
  readonly #whole = element('pre', { class: 'aml-data-value aml-mono', hidden: true });
  #sort: Sort | null = null;
  /** The sort that is asked for, on which a second click builds. */
  #wanted: Sort | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isLoading = false;

  constructor(private readonly scene: Scene) {
    const { view, host, t } = scene;
    this.#columns = gridColumns(view);
    const names = this.#columns.map(({ name }) => name);
    this.#pages = new Pages(host, view.id, names, view.head, view.rows, () => this.#refresh(true));
    this.#grid = new RowGrid(t, t('Rows of %1', oneLine(view.name ?? view.id)), {
      sort: column => {
        this.#wanted = nextSort(this.#wanted, column);
        void this.#load();
      },
      seen: (from, to) => this.#pages.want(from, to),
      looked: (row, column) => this.#look(row, column)
    });
    this.#box = this.#filterBox();
    const take = t('of the page of 100 rows that is seen');
    const parts = [
      this.#box,
      button(t('Copy'), () => void this.#copy(), { title: t('Copy as CSV, %1', take) }),
      button(t('CSV'), () => this.#save(), { title: t('Save as CSV, %1', take) }),
      this.#count
    ];
    fill(
      this.node,
      view.problem ? message(oneLine(view.problem)) : null,
      div('aml-toolbar', ...parts, this.#problem),
      this.#failure,
      this.#grid.node,
      this.#whole
    );
    if (names.length === 0) {
      fill(
        this.node,
        view.problem ? message(oneLine(view.problem)) : muted(t('There are no columns.'))
      );
    }
  }

  draw(): void {
    this.#refresh(true);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#pages.stop();
    this.#grid.dispose();
  }

  #filterBox(): HTMLInputElement {
    const { t } = this.scene;
    const box = element(
      'input',
      {
        ...{
          type: 'search',
          class: 'aml-filter',
          'aria-label': t('Filter rows'),
          'aria-describedby': this.#problem.id
        },
        ...{ placeholder: t('Filter: %1', exampleOf(this.#columns)), spellcheck: 'false' }
      },
      [],
      {
        input: () => {
          clearTimeout(this.#timer);
          this.#timer = setTimeout(() => void this.#load(), box.value.trim() ? PAUSE : 0);
        },
        keydown: event => {
          if (event.key === 'Enter') {
            clearTimeout(this.#timer);
            void this.#load();
          }
        }
      }
    );
    return box;
  }

  /** Ask for the rows as the box and the sort say; what is wrong is said where it was typed. */
  async #load(): Promise<void> {
    const sort = this.#wanted;
    const filter = this.#box.value.trim();
    const query: Query = {
      ...(sort && { sort: sort.column, descending: sort.descending }),
      ...(filter && { filter })
    };
    this.#isLoading = true;
    this.#tell();
    try {
      if (await this.#pages.load(query)) {
        this.#sort = sort;
        this.#said('');
        this.#isLoading = false;
        this.#refresh(false);
      }
    } catch (error) {
      this.#wanted = this.#sort;
      this.#isLoading = false;
      this.#said(printable(wordsOf(error)));
      this.#refresh(true); // asks again for rows in sight whose answers were given up
    }
  }

  #said(problem: string): void {
    setText(this.#problem, problem);
    setAttributes(this.#box, { 'aria-invalid': problem !== '' && this.#box.value.trim() !== '' });
  }

  #refresh(isAnchored: boolean): void {
    const { count, isCounted } = this.#pages;
    this.#grid.set(
      {
        columns: this.#columns,
        count,
        isCounted,
        sort: this.#sort,
        row: at => this.#pages.row(at)
      },
      isAnchored
    );
    this.#tell();
    const { problem } = this.#pages;
    const { t } = this.scene;
    const again = (): void => {
      this.#grid.node.focus();
      this.#pages.again();
      this.#refresh(true);
    };
    const said = problem && [
      message(`${t('Rows could not be loaded: %1', printable(problem))} `, { role: 'alert' }),
      button(t('Try again'), again)
    ];
    if ((this.#failure.firstChild !== null) !== (problem !== '')) {
      fill(this.#failure, ...(said || []));
    }
  }

  #tell(): void {
    const { t, view } = this.scene;
    const { count, isCounted, query } = this.#pages;
    const all = view.rows;
    const shown = numberText(count);
    const words = !isCounted
      ? t('the first %1 rows', shown)
      : query.filter && all !== null
        ? t('%1 of %2 rows', shown, numberText(all))
        : t('%1 rows', shown);
    setText(
      this.#count,
      this.#isLoading
        ? t('Loading…')
        : `${words}, ${t('%1 columns', numberText(this.#columns.length))}`
    );
    setAttributes(this.#grid.node, { 'aria-busy': this.#isLoading });
  }

  /** A value that is too long for its cell is shown as a whole. */
  #look(row: number, column: number): void {
    const text = row < 0 || column < 0 ? '' : wholeText(this.#pages.row(row)?.[column]);
    const name = this.#columns[column]?.name ?? '';
    this.#whole.hidden = text.length <= SHOWN && !/[\r\n\t]/.test(text);
    setText(this.#whole, this.#whole.hidden ? '' : `${oneLine(name)}: ${printable(text)}`);
  }

  #csv(): { text: string; from: number; to: number } {
    const { first, rows: found } = this.#pages.pageAt(this.#grid.first);
    return {
      text: csvLines([this.#columns.map(({ name }) => name), ...found]),
      from: first + 1,
      to: first + found.length
    };
  }

  async #copy(): Promise<void> {
    const { t } = this.scene;
    const { text, from, to } = this.#csv();
    try {
      await navigator.clipboard.writeText(text);
      setText(this.#count, t('copied rows %1 to %2', numberText(from), numberText(to)));
    } catch {
      setText(this.#count, t('The browser does not let this page copy: use %1.', t('CSV')));
    }
  }

  #save(): void {
    const { name, id } = this.scene.view;
    const { text, from } = this.#csv();
    download(`${(name ?? id).replace(/[^\w-]+/g, '_')}_${from}.csv`, `\ufeff${text}`);
  }
}

/** A filter that could be one of these columns. */
function exampleOf(columns: readonly GridColumn[]): string {
  const named = (column: GridColumn | undefined): string =>
    column && /^[A-Za-z_]\w{0,20}$/.test(column.name) ? column.name : '';
  const number = named(columns.find(column => column.isNumeric));
  const text = named(columns.find(column => column.type === 'string'));
  return (
    [number && `${number} > 40`, text && `${text} like '%x%'`].filter(Boolean).join(' and ') ||
    'age > 40'
  );
}
