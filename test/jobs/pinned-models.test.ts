import { PinnedModels } from '../../container/jobs/pinned-models.ts';
import type { ModelReference } from '../../container/contract/requests.ts';
import type { Principal } from '../../container/registry/types.ts';

const anna: Principal = {
  user: 'anna',
  app: 'search',
  roles: [],
  capabilities: [],
  acl: { read: [], write: [] },
};
const asked: ModelReference = { namespace: 'user', name: 'm', version: 2, explicitNamespace: true };

/** A registry that counts its questions. */
function registry() {
  const questions: ModelReference[] = [];
  const resolve = async (reference: ModelReference, principal: Principal) => {
    questions.push(reference);
    const { namespace, name, version = 9 } = reference;
    return { id: { namespace, name, owner: principal.user }, version };
  };
  return { questions, resolve };
}

test('asks once for a version that is named by its number', async () => {
  const { questions, resolve } = registry();
  const pinned = new PinnedModels();
  const first = await pinned.find(1, asked, anna, resolve);
  expect(await pinned.find(1, { ...asked }, anna, resolve)).toEqual(first);
  expect(questions).toHaveLength(1);
});

test.each([
  ['another version', 1, { ...asked, version: 3 }, anna],
  ['another model', 1, { ...asked, name: 'n' }, anna],
  ['another namespace', 1, { ...asked, namespace: 'app' as const }, anna],
  ['another connection', 2, asked, anna],
  ['another token, which may allow less', 1, asked, { ...anna }],
])('asks again for %s', async (_, connection, reference, principal) => {
  const { questions, resolve } = registry();
  const pinned = new PinnedModels();
  await pinned.find(1, asked, anna, resolve);
  await pinned.find(connection, reference, principal, resolve);
  expect(questions).toHaveLength(2);
});

test('asks each time for an alias, which may move, and after the connection is gone', async () => {
  const { questions, resolve } = registry();
  const pinned = new PinnedModels();
  const alias = { namespace: 'user', name: 'm', alias: 'champion' } as const;
  await pinned.find(1, alias, anna, resolve);
  await pinned.find(1, alias, anna, resolve);
  expect(questions).toHaveLength(2);
  await pinned.find(1, asked, anna, resolve);
  pinned.forget(1);
  await pinned.find(1, asked, anna, resolve);
  expect(questions).toHaveLength(4);
});
