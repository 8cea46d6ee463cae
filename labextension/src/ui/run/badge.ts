// How the panel stands to its run, where that is not as it should be.
import { element, setText } from '../element';
import { oneLine } from '../format';
import type { RunView } from '../view';
import type { Part } from './part';
import type { Scene } from './scene';

export function badge(scene: Scene): Part {
  const node = element('span', { class: 'aml-run-link', role: 'status' });
  return {
    node,
    show: view => {
      const words = linkWords(scene, view);
      setText(node, words);
      node.title = scene.message && oneLine(scene.message);
      node.className = `aml-run-link ${scene.link === 'gone' ? 'aml-bad' : 'aml-warn'}`;
      node.hidden = !words;
    }
  };
}

function linkWords({ link, message, t }: Scene, view: RunView): string {
  switch (link) {
    case 'detached':
      return t('detached: showing the last data, trying again');
    case 'gone':
      return message ? t('deleted: %1', oneLine(message)) : t('deleted');
    case 'connecting':
      return view.is_terminal ? '' : t('connecting…');
    case 'still':
      return view.is_terminal ? '' : t('as it was when it was saved');
    default:
      return '';
  }
}
