// What the panel shows, and what of it the user chose.
import type {
  ComputesView,
  DatasetsView,
  ExperimentRowView,
  ModelsView,
  PipelinesView,
  ServicesView,
  SweepsView
} from '../../contract.gen';
import type { ActiveRun, Host, Translate, Workspaces } from '../../ui/host';
import type { Kept } from './kept';

export interface PanelState {
  /** Of all workspaces; empty until they are known. */
  names: readonly string[];
  workspace: string | null;
  running: readonly ActiveRun[];
  /** Null until they are known. */
  experiments: readonly ExperimentRowView[] | null;
  data: DatasetsView | null;
  /** Why the last look at the workspace failed; what is shown is from before. */
  problem: string | null;
  dataProblem: string | null;
  sweeps: SweepsView | null;
  sweepsProblem: string | null;
  pipelines: PipelinesView | null;
  pipelinesProblem: string | null;
  computes: ComputesView | null;
  computesProblem: string | null;
  models: ModelsView | null;
  modelsProblem: string | null;
  services: ServicesView | null;
  servicesProblem: string | null;
  /** What is remembered; the workspace shown may be another where that one is gone. */
  kept: Kept;
}

export interface PanelScene {
  t: Translate;
  all: Workspaces;
  choose(change: Partial<PanelState>): void;
  /** Change what is remembered. */
  keep(change: Partial<Kept>): void;
  chooseWorkspace(name: string): void;
}

export const initial = (kept: Kept): PanelState => ({
  names: [],
  workspace: kept.workspace,
  running: [],
  experiments: null,
  data: null,
  problem: null,
  dataProblem: null,
  sweeps: null,
  sweepsProblem: null,
  pipelines: null,
  pipelinesProblem: null,
  computes: null,
  computesProblem: null,
  models: null,
  modelsProblem: null,
  services: null,
  servicesProblem: null,
  kept
});

/** The place of a workspace's screens. */
export const placeOf = ({ all }: PanelScene, workspace: string | null): Host | null =>
  workspace === null ? null : all.at(workspace);

/** The experiment whose runs are shown; all runs where the one that was chosen is gone. */
export function chosenExperiment({ kept, workspace, experiments }: PanelState): string {
  const chosen = workspace === null ? undefined : kept.experiments[workspace];
  return experiments?.some(({ name }) => name === chosen) ? (chosen ?? '') : '';
}
