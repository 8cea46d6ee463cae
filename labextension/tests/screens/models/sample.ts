// Models that tests of their screens look at.
import type { ModelRowView, ModelsView, ModelView } from '../../../src/contract.gen';

export const P = '<img src=x onerror="window.__pwned=1">';

export function row(fields: Partial<ModelRowView> = {}): ModelRowView {
  return {
    ...{ name: 'digits', version: 2, versions: 2, aliases: ['champion → 2'], stage: 'Production' },
    ...{ metrics: { accuracy: 0.91 }, files: 1, size: 2_000, framework: 'ScikitLearn 1.5' },
    ...{ author: 'ada', created: '2026-01-01T10:00:00Z', description: 'all of 2024', tags: {} },
    ...{ run: 'run-1-long', run_name: 'quick fox', experiment: 'e', uses: [] },
    ...fields
  };
}

export function models(rows: ModelRowView[], fields: Partial<ModelsView> = {}): ModelsView {
  return {
    ...{ workspace: 'ws', name: '', filter: '', sort: '', descending: false, offset: 0 },
    ...{ metrics: ['accuracy'], rows },
    ...{ count: rows.length, total: rows.length },
    ...fields
  };
}

export function model(fields: Partial<ModelView> = {}): ModelView {
  return {
    ...{ id: 'digits:2', name: 'digits', version: 2, path: 'outputs/m.pkl' },
    ...{ created: '2026-01-01T10:00:00Z', updated: '2026-01-01T10:00:00Z', author: 'ada' },
    ...{ description: 'all of 2024', framework: 'ScikitLearn 1.5', stage: 'Production' },
    ...{ aliases: ['champion'], tags: { team: 'blue' }, properties: { origin: 'lab' } },
    ...{ resources: { cpu: 1 }, source: '', samples: { input: 'digits-in:1' }, size: 2_000 },
    ...{ count: 1, files: [{ name: 'outputs/m.pkl', size: 2_000, digest: '0123456789ab' }] },
    run_id: 'run-1',
    run: {
      ...{ id: 'run-1', name: 'quick fox', number: 7, experiment: 'e', status: 'Completed' },
      ...{ params: { rate: 0.1 }, metrics: { accuracy: 0.91 } }
    },
    uses: [{ kind: 'service', name: 'scorer' }],
    lineage: {
      nodes: [
        { kind: 'dataset', id: 'd-1', title: 'people:3', note: 'training', is_gone: false },
        { kind: 'dataset', id: 'd-2', title: 'gone', note: '', is_gone: true },
        { kind: 'run', id: 'run-1', title: 'quick fox', note: '#7 of e', is_gone: false },
        { kind: 'model', id: 'digits:2', title: 'digits:2', note: '', is_gone: false },
        { kind: 'service', id: 'scorer', title: 'scorer', note: 'service', is_gone: false },
        { kind: 'code', id: 'run-1', title: 'train.py', note: '01234567', is_gone: false },
        { kind: 'environment', id: 'run-1', title: 'sk:1', note: '2 packages', is_gone: false }
      ],
      edges: [
        [0, 2],
        [1, 3],
        [2, 3],
        [3, 4],
        [5, 2],
        [6, 2]
      ]
    },
    versions: [
      { version: 3, aliases: [], stage: '' },
      { version: 2, aliases: ['champion'], stage: 'Production' },
      { version: 1, aliases: [], stage: '' }
    ],
    ...fields
  };
}
