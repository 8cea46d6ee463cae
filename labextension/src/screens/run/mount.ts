export { mount as mountRun } from './screen';
