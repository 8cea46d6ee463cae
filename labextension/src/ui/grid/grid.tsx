// A table of any length and width of which only what is near to be seen is in the page. It follows the grid
// pattern: one cell is in the order of the Tab key, and arrows lead from cell to cell.
import type { JSX } from 'preact';
import { Component, createRef } from 'preact';
import type { GridProps } from './contract';
import {
  clicked,
  copied,
  doubleClicked,
  isCell,
  keepText,
  menuAsked,
  placeOf,
  pressed,
  type Held
} from './hands';
import type { Range } from './geometry';
import { Head, Line } from './line';
import { columnAt, keyAt, Position, ticksOf } from './position';

/** Milliseconds without a jump before rows are drawn beyond those that are seen. */
const REST = 60;

export class Grid<R> extends Component<GridProps<R>> implements Held<R> {
  readonly position = new Position<R>();
  readonly #node = createRef<HTMLDivElement>();
  /** The rows that were drawn last, and where, and which columns. */
  #rows: Range = [0, 0];
  #place = '';
  /** Whether only rows that are seen are drawn: at first and after a jump, for those have to be there at once. */
  #isHasty = false;
  #rest: ReturnType<typeof setTimeout> | undefined;
  /** Whether the active cell takes the focus once it is drawn. */
  #isGoing = false;
  #isHeld = false;
  #hasPointer = false;
  #observer: ResizeObserver | null = null;

  /** The first row that is seen. */
  get first(): number {
    return this.position.first;
  }

  /** Give the focus to the cell that Tab leads to. */
  focus = (): void => {
    this.#isGoing = true;
    this.setState({});
  };

  /** Scroll so that a row is seen. */
  show(index: number): void {
    this.position.show(index);
    this.setState({});
  }

  override componentDidMount(): void {
    this.#observer = new ResizeObserver(() => this.#measure());
    this.#observer.observe(this.#node.current!);
    this.#measure();
    this.#drawn();
  }

  override componentWillUnmount(): void {
    this.#observer?.disconnect();
    clearTimeout(this.#rest);
  }

  override componentWillReceiveProps(next: GridProps<R>): void {
    this.position.take(this.props, next);
  }

  override getSnapshotBeforeUpdate(): boolean {
    const { activeElement } = document;
    return this.#node.current!.contains(activeElement) && isCell(activeElement);
  }

  override componentDidUpdate(_: unknown, __: unknown, hadFocus: boolean): void {
    const node = this.#node.current!;
    this.position.apply(node);
    // What is removed or moved loses the focus to nothing; what something else took it leaves.
    const isLost = hadFocus && (document.activeElement ?? document.body) === document.body;
    if (this.#isGoing || isLost) {
      this.#isGoing = false;
      const { index, column } = this.position.active;
      const active = `[aria-rowindex="${index + 2}"] > [aria-colindex="${column + 1}"]`;
      node.querySelector<HTMLElement>(active)?.focus({ preventScroll: true });
    }
    this.#drawn();
  }

  override render(): JSX.Element {
    const { props: of, position } = this;
    position.shape(of);
    position.remember(of);
    const [first, last] = position.seen;
    const [from, end] = this.#rows;
    this.#isHasty ||= first < last && (last <= from || first >= end);
    this.#rows = this.#isHasty ? [first, last] : position.rows;
    this.#place = this.#placed();
    const { across, columns: shown, active, track } = position;
    const width = `${across.width}px`;
    return (
      <div
        ref={this.#node}
        role={of.isOpen ? 'treegrid' : 'grid'}
        class={`aml-grid ${position.isAcross ? 'aml-across' : ''} ${of.class ?? ''}`}
        aria-label={of.label}
        aria-multiselectable={of.selection ? true : undefined}
        aria-rowcount={(of.isCounted ?? true) ? of.count + 1 : -1}
        aria-colcount={of.columns.length + ticksOf(of)}
        aria-busy={of.isBusy || undefined}
        onScroll={this.#scrolled}
        onKeyDown={event => pressed(this, event)}
        onClick={event => clicked(this, event)}
        onDblClick={event => doubleClicked(this, event)}
        onMouseDown={keepText}
        onContextMenu={event => menuAsked(this, event)}
        onCopy={event => copied(this, event)}
        onFocusIn={this.#focused}
        onFocusOut={() => queueMicrotask(() => this.#hold())}
        onMouseEnter={() => this.#hold(true)}
        onMouseLeave={() => this.#hold(false)}
      >
        <div role="rowgroup" class="aml-heads" style={{ width }}>
          <Head
            of={of}
            across={across}
            shown={shown}
            active={active.index < 0 ? active.column : null}
          />
        </div>
        <div role="rowgroup" class="aml-rows" style={{ width, height: `${track.height}px` }}>
          {this.#indexes().map(index => this.#line(index))}
        </div>
      </div>
    );
  }

  /** The rows that are drawn. What has the focus is among them, else the focus would be lost. */
  #indexes(): number[] {
    const [start, end] = this.#rows;
    const rows = Array.from({ length: end - start }, (_, at) => start + at);
    const { index } = this.position.active;
    if (index >= end) {
      rows.push(index);
    } else if (index >= 0 && index < start) {
      rows.unshift(index);
    }
    return rows;
  }

  #line(index: number): JSX.Element {
    const { props: of, position } = this;
    const row = index < of.count ? of.rowAt(index) : undefined;
    const { across, columns: shown, active, track } = position;
    return (
      <Line
        key={keyAt(of, row, index)}
        of={of}
        index={index}
        row={row}
        top={track.placeOf(index)}
        across={across}
        shown={shown}
        active={index === active.index ? active.column : null}
        isSelected={row !== undefined && (of.selection?.isSelected(row) ?? false)}
      />
    );
  }

  #placed(): string {
    const { track, columns, isAcross } = this.position;
    return [track.placeOf(0), ...columns, isAcross].join();
  }

  #measure(): void {
    if (this.position.measured(this.#node.current!)) {
      this.setState({});
    }
  }

  #drawn(): void {
    if (this.props.count > 0) {
      this.props.need?.(...this.position.rows);
    }
    if (this.#isHasty) {
      this.#finish();
    }
  }

  #scrolled = (): void => {
    const { position } = this;
    position.scrolled(this.#node.current!);
    if (position.isAmple(this.#rows) && this.#placed() === this.#place) {
      position.remember(this.props);
    } else {
      this.#isHasty = false;
      this.setState({});
    }
  };

  /** Draw also what lies beyond what is seen, once there is time. */
  #finish(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#isHasty = false;
      this.setState({});
    }, REST);
  }

  #focused = (event: FocusEvent): void => {
    const at = placeOf(event.target);
    if (at) {
      const { props } = this;
      this.position.activate(props, at);
      props.onLook?.(
        at.row < 0 ? undefined : props.rowAt(at.row),
        columnAt(props, at.column) ?? null
      );
      this.#hold();
      this.setState({});
    }
  };

  /** Tell whether the pointer or the focus is on the rows. */
  #hold(hasPointer = this.#hasPointer): void {
    this.#hasPointer = hasPointer;
    const { activeElement } = document;
    const hasFocus =
      (placeOf(activeElement)?.row ?? -1) >= 0 && this.#node.current?.contains(activeElement);
    const isHeld = hasPointer || (hasFocus ?? false);
    if (isHeld !== this.#isHeld) {
      this.#isHeld = isHeld;
      this.props.onHold?.(isHeld);
    }
  }
}
