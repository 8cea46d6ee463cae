// What commands do, in one piece that is loaded with the first that is executed.
export { cancel } from './cancel_command';
export { targetOf } from './open_command';
export { act } from './screen_action';
