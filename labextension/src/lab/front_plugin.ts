// Connects the extension to the server that the page comes from.
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ServerConnection } from '@jupyterlab/services';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { Token } from '@lumino/coreutils';
import type { Translate } from '../ui/host';
import { Activity } from './server/activity';
import { Focus } from './focus';
import type { Front } from './front';
import { Source } from './server/source';
import type { Wire } from './server/source';

export const IFront = new Token<Front>('aml-magics:IFront', 'What the parts of aml_magics share.');

function wireOf(settings: ServerConnection.ISettings): Wire {
  return {
    baseUrl: settings.baseUrl.endsWith('/') ? settings.baseUrl : `${settings.baseUrl}/`,
    request: (address, init) => {
      const headers = new Headers(settings.init.headers);
      new Headers(init.headers).forEach((value, name) => headers.set(name, value));
      return ServerConnection.makeRequest(address, { ...init, headers }, settings);
    }
  };
}

export const front: JupyterFrontEndPlugin<Front> = {
  id: 'aml-magics:front',
  description: 'What the parts of aml_magics share: the server, what runs, the language.',
  autoStart: true,
  provides: IFront,
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null) => {
    const words = (translator ?? nullTranslator).load('aml_magics');
    const t: Translate = (text, ...values) => words.__(text, ...values);
    const { serviceManager } = app;
    const source = new Source(wireOf(serviceManager.serverSettings), t);
    let isDown = false;
    serviceManager.connectionFailure.connect(() => {
      isDown = true;
      source.lost();
    });
    serviceManager.sessions.runningChanged.connect(() => {
      if (isDown) {
        isDown = false;
        source.hurry();
      }
    });
    const focus = new Focus(document);
    const later = { places: null, notebooks: null, design: null };
    return { source, activity: new Activity(source), t, focus, ...later };
  }
};
