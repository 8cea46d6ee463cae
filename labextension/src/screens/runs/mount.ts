export { mountRunTable } from './screen';
