export { mount as mountDataset } from './screen';
