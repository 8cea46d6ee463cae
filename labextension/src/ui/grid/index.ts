// A virtual table: rows by their index, loaded when they are needed.
export { Grid } from './grid';
export { HEAD, ROW } from './position';
export type { GridColumn, GridProps, GridSelection, MenuPoint } from './contract';
export { PageFailure } from './page_failure';
export { PAGE, Pages, type Page } from './pages';
export { nextSort, type Sort } from './sort';
