// What commands do, in one piece that is loaded with the first that is executed.
export { cancel } from './cancel';
export { targetOf } from './target';
export { act } from './screen_action';
