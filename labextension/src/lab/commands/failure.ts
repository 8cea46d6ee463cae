// Failures of what the user asked for.
import { Notification } from '@jupyterlab/apputils';
import { wordsOf } from '../../ui/format';
import type { Front } from '../front';

/** What a call gives; a failure becomes a notification. */
export async function told<T>({ t }: Front, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    Notification.error(wordsOf(error) || t('The command failed.'));
    return undefined;
  }
}
