// What stands where an answer is not there yet, or does not come.
import type { JSX } from 'preact';
import { wordsOf } from '../../ui/boundary';
import { Button, Message, Muted } from '../../ui/controls';
import { printable } from '../../ui/format';
import type { Translate } from '../../ui/host';
import type { Asked } from './asked';

export function Waiting({ t, asked }: { t: Translate; asked: Asked<unknown> }): JSX.Element {
  return asked.isWaiting ? (
    <div aria-busy="true">
      <Muted>{t('Loading…')}</Muted>
    </div>
  ) : (
    <Message role="alert">
      {t('This cannot be shown: %1', printable(wordsOf(asked.problem)))}{' '}
      <Button click={asked.again}>{t('Try again')}</Button>
    </Message>
  );
}
