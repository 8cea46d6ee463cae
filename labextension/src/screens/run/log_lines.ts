// The loaded lines of a log in a box that scrolls: pages in the order of the file, and never too many.
import { div, element } from '../../ui/element';
import type { LogPageView } from '../../contract.gen';
import { styled } from './styled';

const MOST = 5_000;
const PAGE = 500;

interface Page {
  start: number;
  end: number;
  node: HTMLElement;
}

export class LogLines {
  readonly box: HTMLElement;
  /** Whether what is new scrolls into sight: until the reader scrolls up. */
  isFollowing = true;
  #pages: Page[] = [];

  constructor(label: string, earlier: HTMLElement, scrolled: () => void) {
    this.box = element(
      'div',
      { class: 'aml-log aml-mono', role: 'region', tabindex: 0, 'aria-label': label },
      [earlier],
      {
        scroll: () => {
          this.isFollowing =
            this.box.scrollTop + this.box.clientHeight >= this.box.scrollHeight - 4;
          scrolled();
        }
      }
    );
  }

  /** Bytes of the file that are loaded. */
  get start(): number {
    return this.#pages[0]?.start ?? 0;
  }

  get end(): number {
    return this.#pages.at(-1)?.end ?? 0;
  }

  get lines(): HTMLElement[] {
    return this.#pages.flatMap(page => [...page.node.children] as HTMLElement[]);
  }

  reset(page: LogPageView): void {
    this.#pages.forEach(each => each.node.remove());
    this.#pages = [];
    this.isFollowing = true;
    this.append(page);
  }

  append(page: LogPageView): void {
    const last = this.#pages.at(-1);
    if (last && last.node.childElementCount + page.lines.length <= PAGE) {
      last.node.append(...lineElements(page));
      last.end = page.end;
    } else {
      this.#pages.push(this.#page(page));
      this.box.append(this.#pages.at(-1)!.node);
    }
    this.#shed('shift');
  }

  toEnd(): void {
    this.box.scrollTop = this.box.scrollHeight;
  }

  prepend(page: LogPageView): void {
    const { scrollHeight } = this.box;
    const before = this.#pages[0];
    this.#pages.unshift(this.#page(page));
    this.box.insertBefore(this.#pages[0]!.node, before?.node ?? null);
    // What is read stays where it is.
    this.box.scrollTop += this.box.scrollHeight - scrollHeight;
    this.#shed('pop');
  }

  /** Show a line in the middle, and mark it. */
  goTo(line: HTMLElement): void {
    this.box.querySelector('.aml-log-at')?.classList.remove('aml-log-at');
    line.classList.add('aml-log-at');
    this.isFollowing = false;
    this.box.scrollTop = line.offsetTop - this.box.clientHeight / 2;
  }

  #page(page: LogPageView): Page {
    return { start: page.start, end: page.end, node: div('', ...lineElements(page)) };
  }

  /** Drop pages at the end that is not read. */
  #shed(from: 'shift' | 'pop'): void {
    let count = this.#pages.reduce((sum, page) => sum + page.node.childElementCount, 0);
    while (count > MOST && this.#pages.length > 1) {
      const { node } = this.#pages[from]()!;
      count -= node.childElementCount;
      node.remove();
    }
  }
}

function lineElements({ lines, errors }: LogPageView): HTMLElement[] {
  const marked = new Set(errors);
  return lines.map((line, place) => {
    const isError = marked.has(place);
    const mark =
      isError &&
      element('span', { class: 'aml-log-mark', role: 'img', 'aria-label': 'error' }, ['!']);
    // An empty line is as high as another.
    return div(
      isError ? 'aml-log-line aml-log-error' : 'aml-log-line',
      mark,
      ...styled(`${line}\n`)
    );
  });
}

/** What a line says, without its mark. */
export function textOf(line: HTMLElement): string {
  const text = line.textContent ?? '';
  return line.classList.contains('aml-log-error') ? text.slice(1) : text;
}
