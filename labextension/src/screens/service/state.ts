// What the screen of a service shows, and what the reader chose.
import type { ServiceUpdate, ServiceView } from '../../contract.gen';
import type { Host, Link, Translate } from '../../ui/host';
import { NO_LOG, type LogState } from '../../ui/log/reader';
import type { Store } from '../../ui/store';
import { merged, type Window } from './load';

export interface ServiceState {
  readonly view: ServiceView;
  readonly link: Link;
  readonly message: string;
  readonly tab: string;
  readonly window: Window;
  readonly log: LogState;
  /** What was done last, or why it could not be. */
  readonly notice: { readonly text: string; readonly isBad: boolean } | null;
  /** What is being done, so that it is not done twice. */
  readonly busy: string;
  /** The request in the box: null until a sample was asked for. */
  readonly body: string | null;
}

export interface Scene {
  readonly store: Store<ServiceState>;
  readonly host: Host;
  readonly t: Translate;
  readonly service: string;
  choose(change: Partial<ServiceState>): void;
  /** Look at another stretch of time. */
  look(window: Window): void;
}

export interface PartProps {
  scene: Scene;
  state: ServiceState;
}

export function initial(view: ServiceView): ServiceState {
  return {
    ...{ view, link: 'connecting', message: '', tab: 'overview', window: '5m', log: NO_LOG },
    ...{ notice: null, busy: '', body: null }
  };
}

/** The service after an update. */
export function applied(view: ServiceView, update: ServiceUpdate, window: Window): ServiceView {
  const { load, ...rest } = update;
  return { ...view, ...rest, load: load ? merged(view.load, load, window) : view.load };
}
