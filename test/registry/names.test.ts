import { checkModelName, folderOfOwner, ownerOfFolder } from '../../container/registry/names.ts';

it.each(['ann', 'a/b', '..', '%', '%41', 'é', '日本', 'a b', 'A-b_9', '\0', '\u{1F600}', '~', '*'])(
  'turns the owner %j into one folder and back',
  (owner) => {
    const folder = folderOfOwner(owner);
    expect(folder).toMatch(/^[A-Za-z0-9_%-]+$/);
    expect(ownerOfFolder(folder)).toBe(owner);
  },
);

it('gives two owners two folders', () => {
  const owners = ['a', 'A', 'a%', 'a%25', 'a/', 'a.', 'a%2F'];
  expect(new Set(owners.map(folderOfOwner)).size).toBe(owners.length);
});

it.each(['%', '%zz', '%2f', 'a.b', ''])('does not take the folder %j for an owner', (folder) => {
  expect(ownerOfFolder(folder)).toBeUndefined();
});

it.each(['iris', '_a', 'A9_'])('takes the model name %s', (name) => {
  expect(() => checkModelName(name)).not.toThrow();
});

it.each(['', '9a', 'a-b', 'a.b', 'a/b', 'ä', 'a\n', 'a b'])('refuses the model name %j', (name) => {
  expect(() => checkModelName(name)).toThrow(/is not a model name/);
});
