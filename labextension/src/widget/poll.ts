// Follows by asking again and again: for what the kernel does not tell of by itself.
import type { Listener, Subscription } from '../ui/host';

const PAUSE = 5_000;
const PAUSE_AFTER_FAILURE = 15_000;

interface Told {
  type: string;
}

/**
 * Tell the answer of `ask` as a view, until `isOver` says that it was the last one.
 *
 * @param ask the view as the kernel has it now.
 */
export function poll<V, E extends Told>(
  ask: () => Promise<V>,
  isOver: (view: V) => boolean,
  listener: Listener<E>
): Subscription {
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = '';
  const look = async (): Promise<void> => {
    let pause = PAUSE;
    try {
      const view = await ask();
      if (isStopped) {
        return;
      }
      const told = JSON.stringify(view);
      if (told !== last) {
        last = told;
        listener.event({ type: 'view', token: '', view } as unknown as E);
      }
      if (isOver(view)) {
        listener.event({ type: 'end', token: '' } as unknown as E);
        listener.link('ended');
        return;
      }
      listener.link('live');
    } catch (error) {
      if (isStopped) {
        return;
      }
      listener.link('detached', error instanceof Error ? error.message : String(error));
      pause = PAUSE_AFTER_FAILURE;
    }
    timer = setTimeout(() => void look(), pause);
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
