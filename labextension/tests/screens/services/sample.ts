// Services that tests of their table look at.
import type { ServiceRowView, ServicesView } from '../../../src/contract.gen';

export const service = (name: string, fields: Partial<ServiceRowView> = {}): ServiceRowView => ({
  ...{ name, kind: 'ACI', state: 'Healthy', problem: '', revision: 1, answering: 1, ready: 1 },
  ...{ models: [{ name: 'digits', version: '3' }], replicas: 2, authentication: 'key' },
  ...{ load: { rate: 0, p95: null, errors: 0 }, recent: [], scoring_uri: null },
  ...{ created: null, updated: '2026-01-01T10:00:00Z', description: '' },
  ...fields
});

export const services = (...rows: ServiceRowView[]): ServicesView => ({ workspace: 'w', rows });
