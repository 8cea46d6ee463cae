// The names under which others can call what this extension does.
export const COMMAND = {
  openRun: 'aml-magics:open-run',
  openRuns: 'aml-magics:open-runs',
  compareRuns: 'aml-magics:compare-runs',
  openDataset: 'aml-magics:open-dataset',
  insertRunCell: 'aml-magics:insert-run-cell',
  dataframeOfRuns: 'aml-magics:dataframe-of-runs',
  cancelRun: 'aml-magics:cancel-run',
  showPanel: 'aml-magics:show-panel'
} as const;
