// What is done with a service: asked of the host, and told in a line.
import { wordsOf } from '../../ui/format';
import type { Scene } from './state';

export type Verb = 'stop' | 'start' | 'delete';

const DONE: Readonly<Record<Verb, string>> = {
  stop: 'The service is stopped; Start brings it back.',
  start: 'The service is started.',
  delete: 'The service is deleted.'
};

/** Whether nothing runs that could be stopped, so that it can be started. */
export function canStart(state: string, replicas: number): boolean {
  return state === 'Stopped' || ((state === 'Unhealthy' || state === 'Failed') && replicas === 0);
}

export function act(scene: Scene, verb: Verb): Promise<void> {
  const { host, t, service } = scene;
  return told(scene, verb, t(DONE[verb]), () => host.ask(`service_${verb}`, { service }));
}

/** Run what an earlier revision ran. */
export function rollBack(scene: Scene, revision: number): Promise<void> {
  const { host, t, service } = scene;
  const words = t('What revision %1 ran is deployed as a new revision.', revision);
  return told(scene, 'rollback', words, () => host.ask('service_rollback', { service, revision }));
}

async function told(
  scene: Scene,
  busy: string,
  text: string,
  ask: () => Promise<{ state: string }>
): Promise<void> {
  const { store, t, choose } = scene;
  choose({ busy, notice: null });
  try {
    const { state } = await ask();
    store.set(({ view }) => ({
      ...{ busy: '', notice: { text, isBad: false } },
      ...(state === 'Deleted' ? { link: 'gone', message: '' } : { view: { ...view, state } })
    }));
  } catch (error) {
    const words = t('This could not be done: %1', wordsOf(error));
    store.set({ busy: '', notice: { text: words, isBad: true } });
  }
}
