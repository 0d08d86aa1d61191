import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Draft, ModelId, Principal } from '../../container/registry/types.ts';

export const ANN: Principal = {
  user: 'ann',
  app: 'search',
  roles: ['user'],
  capabilities: [],
  acl: { read: ['*'], write: ['admin', 'power'] },
};
export const BOB: Principal = { ...ANN, user: 'bob', roles: ['power'] };

export const ID: ModelId = { namespace: 'user', owner: 'ann', name: 'iris' };

export const DRAFT: Draft = {
  algorithm: 'PCA',
  kind: 'transformer',
  options: { k: '2' },
  params: { k: 2 },
  preparation: {
    columns: [{ name: 'a', field: 'a', kind: 'number' }],
    fields: [{ name: 'a', kind: 'number' }],
  },
  features: ['a'],
  metrics: {},
  lineage: {
    sid: '1700000000.1',
    user: 'ann',
    app: 'search',
    rows: 10,
    trainedRows: 9,
    fingerprint: 'ab',
    runtime: '0.1.0',
  },
};

export const FILES = { 'state.bin': Buffer.from('state'), 'model.onnx': Buffer.from('graph') };

export function newRoot(): string {
  return mkdtempSync(join(tmpdir(), 'kepler-registry-'));
}
