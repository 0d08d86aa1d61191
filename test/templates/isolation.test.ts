/** Templates that misbehave, each in ten searches, while ten other searches run (a hundred times: npm run bench -- isolation). */
import { existsSync } from 'node:fs';
import { killAll } from '../server/program.ts';
import { IsolationScene } from './isolation-scene.ts';

const ROUNDS = 10;

const scene = new IsolationScene();
beforeAll(() => scene.open(), 60_000);
afterAll(async () => {
  await scene.close();
  killAll();
});

test('each fails its own search with template, line and remedy; ten others notice nothing, and the process is replaced', async () => {
  const answers: string[] = [];
  const { right, wrong } = await scene.amongOthers(async () => {
    answers.push(...(await scene.misbehaveInTurn(ROUNDS)));
    answers.push(...(await scene.wrongAfterwards()));
  });
  expect(answers).toEqual([]);
  expect(wrong).toEqual([]);
  expect(right).toBeGreaterThanOrEqual(10);
}, 600_000);

test('what it prints disturbs no answer; nothing of the runtime is in its environment; nothing was written', async () => {
  expect(await scene.behave('print')).toMatch(/^x,output\n1,7\n/);
  expect(await scene.behave('environment')).not.toMatch(/horse|KEPLER/);
  expect(scene.log).not.toContain('correct horse');
  expect(existsSync('/tmp/kepler-was-here')).toBe(false);
});
