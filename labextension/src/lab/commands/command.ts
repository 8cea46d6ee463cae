// The names under which others can call what this extension does; those that open screens are the screens' own.
export const COMMAND = {
  insertRunCell: 'aml-magics:insert-run-cell',
  dataframeOfRuns: 'aml-magics:dataframe-of-runs',
  cancelRun: 'aml-magics:cancel-run',
  showPanel: 'aml-magics:show-panel',
  newPipeline: 'aml-magics:new-pipeline',
  openInDesigner: 'aml-magics:open-in-designer'
} as const;

/** What commands do comes with the first that is executed: it asks in dialogs, and most pages do without. */
export const execute = () => import('./execute');
