import type { Principal } from '../../container/registry/types.ts';
import { Sessions } from '../../container/workbench/sessions.ts';

const ANN: Principal = {
  user: 'ann',
  app: 'search',
  roles: ['kepler_author'],
  capabilities: ['edit_kepler_templates'],
  acl: { read: ['*'], write: [] },
};
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function fresh() {
  const clock = { now: 1_700_000_000_000 };
  const sessions = new Sessions(() => clock.now);
  const offer = () => sessions.offer(ANN, 'http://127.0.0.1:1').token;
  const signIn = () => `a=b; ${sessions.cookie}=${sessions.open(offer()).value}`;
  return { clock, sessions, offer, signIn };
}

test('a link is good for five minutes', () => {
  const { clock, sessions, offer } = fresh();
  const [early, late] = [offer(), offer()];
  clock.now += 5 * MINUTE - 1;
  expect(sessions.open(early).session.principal).toBe(ANN);
  clock.now += 1;
  expect(() => sessions.open(late)).toThrow(expect.objectContaining({ code: 'token_expired' }));
});

test('of another runtime, or of one before a restart, it opens nothing', () => {
  const { sessions } = fresh();
  const { offer } = fresh();
  expect(() => sessions.open(offer())).toThrow(/not made by this runtime/);
});

test('a session ends after two hours without use, and after eight in any case', () => {
  const { clock, sessions, signIn } = fresh();
  const [idle, busy] = [signIn(), signIn()];
  for (let hour = 1; hour < 8; hour++) {
    clock.now += HOUR;
    expect(sessions.find(busy).origin).toBe('http://127.0.0.1:1');
  }
  expect(() => sessions.find(idle)).toThrow(expect.objectContaining({ code: 'token_expired' }));
  expect(() => sessions.find(idle)).toThrow(expect.objectContaining({ code: 'unauthenticated' }));
  clock.now += HOUR;
  expect(() => sessions.find(busy)).toThrow(/has ended/);
});

test('one that was left is gone; a cookie of another name is none', () => {
  const { sessions, signIn } = fresh();
  const cookies = signIn();
  expect(() => sessions.find(cookies.replace('kepler_workbench_', 'other_'))).toThrow(/not signed in/);
  sessions.close(cookies);
  expect(() => sessions.find(cookies)).toThrow(/not signed in/);
  expect(() => sessions.find(undefined)).toThrow(/not signed in/);
});

test('links that nobody opens do not pile up: the oldest give way', () => {
  const { sessions, offer } = fresh();
  const first = offer();
  for (let n = 0; n < 1000; n++) offer();
  expect(() => sessions.open(first)).toThrow(/was used already/);
  expect(sessions.open(offer()).session.principal.user).toBe('ann');
});
