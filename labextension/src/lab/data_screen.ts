// The screen of a dataset, which few pages need: it is loaded once one does.
import type { Translate } from '../ui/host';
import type { mountDataset } from '../screens/dataset/mount';
import { Refusal } from './refusal';

export async function dataScreen(t: Translate): Promise<typeof mountDataset> {
  try {
    return (await import('../screens/dataset/mount')).mountDataset;
  } catch (error) {
    console.error('aml_magics: the screen of datasets could not be loaded.', error);
    throw new Refusal('away', t('The screen of datasets could not be loaded: reload the page.'));
  }
}
