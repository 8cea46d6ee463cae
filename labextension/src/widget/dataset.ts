// The front end of the preview of a dataset, a bundle of its own: most widgets do without it.
import { mountDataset } from '../screens/dataset/mount';
import type { DatasetSnapshot } from '../ui/snapshot';
import { show, type View } from './render';

/** Data does not change by itself, so the kernel tells of nothing. */
const DRAWABLE = { own: null, mount: mountDataset };

export default {
  render: (view: View): (() => void) => show<DatasetSnapshot>(view, () => DRAWABLE)
};
