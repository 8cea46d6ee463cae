// Why rows in sight are not there.
import type { JSX } from 'preact';
import { Button, Message } from '../controls';
import { printable } from '../format';
import type { Translate } from '../host';

export function PageFailure(props: {
  t: Translate;
  pages: { readonly problem: string; again(): void };
  /** Called when they are asked for again: the button goes, and the focus must not go with it. */
  again(): void;
}): JSX.Element | null {
  const { t, pages, again } = props;
  const click = (): void => {
    pages.again();
    again();
  };
  return pages.problem === '' ? null : (
    <Message role="alert">
      {t('Rows could not be loaded: %1', printable(pages.problem))}{' '}
      <Button {...{ click }}>{t('Try again')}</Button>
    </Message>
  );
}
