import { PYTHON, missingPython } from '../../test/onnx/python.ts';
import { IsolationScene, MISDEEDS, PYTHON_MISDEEDS } from '../../test/templates/isolation-scene.ts';
import type { Language } from '../../test/templates/isolation-scene.ts';
import type { Case } from '../case.ts';
import { Closing } from '../closing.ts';

const ROUNDS = 100;
const noPython = missingPython('pyarrow');
const LANGUAGES: readonly Language[] = noPython === undefined ? ['typescript', 'python'] : ['typescript'];
const WAYS = MISDEEDS.length + (noPython === undefined ? PYTHON_MISDEEDS.length : 0);

/** Templates that misbehave in every way there is, a hundred times each, while ten other searches run. */
export const isolation: Case = {
  name: 'isolation',
  title: `${WAYS} ways to misbehave${noPython === undefined ? '' : ` (${noPython})`}, each ${ROUNDS} times, beside ten searches that must notice nothing`,
  rounds: 1,
  open: () =>
    Closing.around(async (closing) => {
      const scene = new IsolationScene();
      closing.add(() => scene.close());
      await scene.open(noPython === undefined ? PYTHON : undefined);
      return {
        contestants: [
          {
            name: 'misbehaving',
            run: async () => {
              const started = performance.now();
              const unexpected: string[] = [];
              const { right, wrong } = await scene.amongOthers(async () => {
                for (const language of LANGUAGES) {
                  unexpected.push(...(await scene.misbehaveInTurn(ROUNDS, language)));
                  unexpected.push(...(await scene.wrongAfterwards(language)));
                }
              });
              if (unexpected.length + wrong.length > 0)
                throw new Error([...unexpected, ...wrong].slice(0, 5).join('\n'));
              return {
                seconds: (performance.now() - started) / 1000,
                details: { misdeeds: WAYS * ROUNDS, 'others, all right': right },
              };
            },
          },
        ],
        close: () => closing.close(),
      };
    }),
};
