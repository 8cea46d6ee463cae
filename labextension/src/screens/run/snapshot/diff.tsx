// What differs between two runs. Colours say better and worse of metrics; in texts, what is on one side only.
import type { JSX } from 'preact';
import type { ChangeView, DiffView } from '../../../contract.gen';
import { Fold, Glyph, Muted } from '../../../ui/controls';
import { exactText, oneLine, plainText, printable } from '../../../ui/format';
import type { Translate } from '../../../ui/host';
import { TableSection } from '../section';

const SIGNS = { changed: '±', added: '+', removed: '−', better: '✓', worse: '✗' };
const SHOWN = 500;

export function Diff(props: {
  diff: DiffView;
  t: Translate;
  /** What is said where nothing differs. */
  alike?: string;
}): JSX.Element {
  const { diff, t, alike = t('The two runs are alike.') } = props;
  const { first, second, sections, texts } = diff;
  return (
    <div class="aml-run-diff">
      <p>{t('from %1 to %2', oneLine(first), oneLine(second))}</p>
      {!sections.length && !texts.length && <Muted>{alike}</Muted>}
      {sections.map(({ title, changes }) => (
        <TableSection
          key={title}
          t={t}
          title={oneLine(title)}
          heads={['', t('Name'), oneLine(first), oneLine(second)]}
          items={changes}
          limit={SHOWN}
          row={change => <Change key={change.name} {...{ t, change }} />}
        />
      ))}
      {texts.map(({ title, lines }) => (
        <Fold key={title} title={title} isOpen>
          <pre class="aml-mono" tabIndex={0}>
            {blocksOf(lines)}
          </pre>
        </Fold>
      ))}
    </div>
  );
}

function Change({ t, change }: { t: Translate; change: ChangeView }): JSX.Element {
  const { name, kind, before, after, verdict } = change;
  const sign = verdict ?? kind;
  // Those that differ in later digits are told apart.
  const written = plainText(before) === plainText(after) ? exactText : plainText;
  const words = {
    changed: t('changed'),
    added: t('added'),
    removed: t('removed'),
    better: t('better'),
    worse: t('worse')
  };
  return (
    <tr class={`aml-diff-${sign}`}>
      <td class="aml-diff-sign">
        <Glyph sign={SIGNS[sign]} word={words[sign]} />
      </td>
      <th scope="row">{oneLine(name)}</th>
      <td>{oneLine(written(before))}</td>
      <td class="aml-diff-after">{oneLine(written(after))}</td>
    </tr>
  );
}

/** A unified diff; what was taken out and what came in its place can stand beside each other. */
function blocksOf(lines: string[]): JSX.Element[] {
  const blocks: JSX.Element[][] = [];
  let last = '';
  lines.forEach((line, place) => {
    const side = line[0] === '-' ? 'old' : line[0] === '+' ? 'new' : 'both';
    const isHead = place < 2 || line[0] === '@';
    const text = printable(line);
    const kind = `aml-diff-line aml-diff-${side}${isHead ? ' aml-diff-head' : ''}`;
    if (!last || side === 'both' || last === 'both') {
      blocks.push([]);
    }
    blocks.at(-1)!.push(
      <span key={place} class={kind} data-line={isHead ? undefined : text}>
        {`${text}\n`}
      </span>
    );
    last = side;
  });
  return blocks.map((block, place) => (
    <span key={place} class="aml-diff-block">
      {block}
    </span>
  ));
}
