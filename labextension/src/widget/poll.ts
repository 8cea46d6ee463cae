// Follows by asking again and again: for what the kernel does not tell of by itself.
import { wordsOf } from '../ui/format';
import type { Listener, Subscription } from '../ui/host';
import { delayAfter } from '../ui/place/retry';

const PAUSE = 5_000;

interface Told {
  type: string;
}

/**
 * Tell the answer of `ask` as a view, until `isOver` says that it was the last one.
 *
 * @param ask what the subject looks like now.
 */
export function poll<S extends { view: unknown }, E extends Told>(
  ask: () => Promise<S>,
  isOver: (snapshot: S) => boolean,
  listener: Listener<E>
): Subscription {
  let isStopped = false;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = '';
  const take = (snapshot: S): void => {
    const told = JSON.stringify(snapshot.view);
    if (told !== last) {
      last = told;
      listener.event({ type: 'view', token: '', view: snapshot.view } as unknown as E);
    }
    if (isOver(snapshot)) {
      isStopped = true;
      listener.event({ type: 'end', token: '' } as unknown as E);
      listener.link('ended');
    } else {
      listener.link('live');
    }
  };
  const look = async (): Promise<void> => {
    try {
      const snapshot = await ask();
      failures = 0;
      if (!isStopped) {
        take(snapshot);
      }
    } catch (error) {
      failures += 1;
      if (!isStopped) {
        listener.link('detached', wordsOf(error));
      }
    }
    if (!isStopped) {
      timer = setTimeout(() => void look(), PAUSE + (failures && delayAfter(failures)));
    }
  };
  listener.link('connecting');
  void look();
  return {
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    }
  };
}
