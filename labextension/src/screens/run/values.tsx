// Parameters and tags: a name and a value each, as it would be written.
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { JsonScalar } from '../../contract.gen';
import { LongText } from '../../ui/controls';
import { exactText, oneLine } from '../../ui/format';
import type { Translate } from '../../ui/host';
import { TableSection } from './section';

const SHOWN = 16;
/** Letters of a value that is shown as a whole. */
const MOST = 240;

export function Values(props: {
  t: Translate;
  title: string;
  values: Record<string, JsonScalar>;
}): JSX.Element {
  const { t, title, values } = props;
  return useMemo(
    () => (
      <TableSection
        {...{ t, title }}
        heads={[t('Name'), t('Value')]}
        isPlain
        items={Object.entries(values)}
        limit={SHOWN}
        row={([name, value]) => (
          <tr key={name}>
            <th scope="row">{oneLine(name)}</th>
            <td>
              <LongText t={t} text={oneLine(exactText(value))} most={MOST} />
            </td>
          </tr>
        )}
      />
    ),
    [values]
  );
}
