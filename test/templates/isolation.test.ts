/** Templates that misbehave, each in ten searches, while ten other searches run (a hundred times: npm run bench -- isolation). */
import { existsSync } from 'node:fs';
import { killAll } from '../server/program.ts';
import { PYTHON, missingPython } from '../onnx/python.ts';
import { IsolationScene } from './isolation-scene.ts';
import type { Language } from './isolation-scene.ts';

const ROUNDS = 10;

const scene = new IsolationScene();
const noPython = missingPython('pyarrow');
beforeAll(() => scene.open(noPython === undefined ? PYTHON : undefined));
afterAll(async () => {
  await scene.close();
  killAll();
});

const inLanguage = (language: Language, name: string, body: () => Promise<void>, limit?: number) =>
  language === 'python' && noPython !== undefined
    ? test.skip(`${language}: ${name} (${noPython})`, body)
    : test(`${language}: ${name}`, body, limit);

for (const language of ['typescript', 'python'] as const) {
  inLanguage(
    language,
    'each fails its own search with template, line and remedy; ten others notice nothing, and the process is replaced',
    async () => {
      const answers: string[] = [];
      const { right, wrong } = await scene.amongOthers(async () => {
        answers.push(...(await scene.misbehaveInTurn(ROUNDS, language)));
        answers.push(...(await scene.wrongAfterwards(language)));
      });
      expect(answers).toEqual([]);
      expect(wrong).toEqual([]);
      expect(right).toBeGreaterThanOrEqual(10);
    },
    600_000,
  );

  inLanguage(language, 'what it prints disturbs no answer; its environment has nothing of ours', async () => {
    expect(await scene.behave('print', language)).toMatch(/^x,output\n1,7\n/);
    expect(await scene.behave('environment', language)).not.toMatch(/horse|KEPLER/);
  });
}

test('no secret is in the log, and nothing was written', () => {
  expect(scene.log).not.toContain('correct horse');
  expect(existsSync('/tmp/kepler-was-here')).toBe(false);
});
