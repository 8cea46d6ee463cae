// The renderer core: what hosts import.
export { mountCompare } from './compare/mount';
export { mountRun } from './run/mount';
export { mountRunTable } from './run_table/mount';
export * from './host';
export * from './message';
export { MIME, problemOf, VERSION } from './snapshot';
export type { CompareSnapshot, Mounted, RunSnapshot, RunTableSnapshot, Snapshot } from './snapshot';
