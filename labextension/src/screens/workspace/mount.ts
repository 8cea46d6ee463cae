import type { Mount } from '../../ui/screen';
import { watchVisible } from '../../ui/visibility';
import { PanelView } from './panel_view';

/** Draw what there is in all workspaces that the host can reach. */
export const mount: Mount = (parent, _snapshot, host) => {
  const { workspaces } = host;
  if (!workspaces) {
    throw new Error(host.t('Only one workspace can be reached from here.'));
  }
  const view = new PanelView(parent, host, workspaces);
  const unwatch = watchVisible(parent, isVisible => (isVisible ? view.show() : view.hide()));
  return {
    update: () => undefined,
    dispose: () => {
      unwatch();
      view.dispose();
    }
  };
};
