import { IsolationScene, MISDEEDS } from '../../test/templates/isolation-scene.ts';
import type { Case } from '../case.ts';
import { Closing } from '../closing.ts';

const ROUNDS = 100;

/** Templates that misbehave in every way there is, a hundred times each, while ten other searches run. */
export const isolation: Case = {
  name: 'isolation',
  title: `${MISDEEDS.length} ways to misbehave, each ${ROUNDS} times, beside ten searches that must notice nothing`,
  rounds: 1,
  open: () =>
    Closing.around(async (closing) => {
      const scene = new IsolationScene();
      closing.add(() => scene.close());
      await scene.open();
      return {
        contestants: [
          {
            name: 'misbehaving',
            run: async () => {
              const started = performance.now();
              const unexpected: string[] = [];
              const { right, wrong } = await scene.amongOthers(async () => {
                unexpected.push(...(await scene.misbehaveInTurn(ROUNDS)), ...(await scene.wrongAfterwards()));
              });
              if (unexpected.length + wrong.length > 0)
                throw new Error([...unexpected, ...wrong].slice(0, 5).join('\n'));
              return {
                seconds: (performance.now() - started) / 1000,
                details: { misdeeds: MISDEEDS.length * ROUNDS, 'others, all right': right },
              };
            },
          },
        ],
        close: () => closing.close(),
      };
    }),
};
