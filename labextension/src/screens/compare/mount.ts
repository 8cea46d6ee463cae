export { mount as mountCompare } from './screen';
