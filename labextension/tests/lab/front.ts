// What the parts of the extension share, before a server that a test speaks for.
import { afterEach, beforeEach, vi } from 'vitest';
import type { RunEvent } from '../../src/contract.gen';
import { Focus } from '../../src/lab/focus';
import type { Front } from '../../src/lab/front';
import { Activity } from '../../src/lab/server/activity';
import { Source } from '../../src/lab/server/source';
import { plainly, type Subscription } from '../../src/ui/host';
import { Ear, hide, Server } from './server';

export function frontOf(server: Server, fields: Partial<Front> = {}): Front {
  const source = new Source(server, plainly);
  return {
    source,
    activity: new Activity(source),
    t: plainly,
    focus: new Focus(document),
    places: null,
    notebooks: null,
    design: null,
    ...fields
  };
}

interface Following {
  server: Server;
  source: Source;
  ear: Ear<RunEvent>;
  follow(run?: string, token?: string | null, node?: Element | null): Subscription;
}

/** What each test of a file begins with that follows runs: a new server and a clock that stands still. */
export function following(): Following {
  const made = {} as Following;
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    made.server = new Server();
    made.source = new Source(made.server, plainly);
    made.ear = new Ear();
    made.follow = (run = 'r1', token = null, node = null) =>
      made.source.follow('w', 'run', { run }, token, made.ear, node);
  });
  afterEach(() => {
    hide(false);
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });
  return made;
}
