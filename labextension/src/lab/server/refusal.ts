// Why the server did not answer as asked, in words for the user.
import type { Translate } from '../../ui/host';
import { Refusal } from '../../ui/place/retry';

export { Refusal };

/** Throw what is wrong with a response; `type` is the media type that was asked for. */
export async function check(response: Response, type: string, t: Translate): Promise<void> {
  const isOfType = (response.headers.get('content-type') ?? '').includes(type);
  if (response.ok && isOfType) {
    return;
  }
  if (response.ok || response.status === 401) {
    // A page to sign in on comes with status 200.
    throw new Refusal('away', t('The Jupyter server asks you to sign in again.'));
  }
  const message = await messageOf(response);
  if (response.status === 404) {
    throw message === null
      ? new Refusal('missing', t('The server extension aml_magics is not enabled.'))
      : new Refusal('gone', message);
  }
  const isOfQuestion = [400, 405, 409, 410, 413, 414, 422].includes(response.status);
  throw new Refusal(
    isOfQuestion ? 'refused' : 'away',
    message ?? t('The Jupyter server answered with status %1.', response.status)
  );
}

/** What any failure is called. */
export function refusalOf(error: unknown, t: Translate): Refusal {
  return error instanceof Refusal
    ? error
    : new Refusal('away', t('The Jupyter server does not answer.'));
}

async function messageOf(response: Response): Promise<string | null> {
  try {
    const { message } = JSON.parse(await response.text()) as { message?: unknown };
    return typeof message === 'string' && message !== '' ? message : null;
  } catch {
    return null;
  }
}
