// The renderer core: what hosts import.
export { mountCompare } from '../screens/compare/mount';
export { mountRun } from '../screens/run/mount';
export { mountRunTable } from '../screens/runs/mount';
export * from './host';
export * from '../contract.gen';
export { MIME, problemOf, VERSION } from './snapshot';
export type { CompareSnapshot, Mounted, RunSnapshot, RunTableSnapshot, Snapshot } from './snapshot';
