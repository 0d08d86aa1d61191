import { setTimeout as sleep } from 'node:timers/promises';
import { reply } from '../../test/helpers/telemetry/receiver.ts';
import type { Case } from '../case.ts';
import { LossScene } from '../loss-scene.ts';
import type { Sample } from '../measure.ts';

const MINUTE = 60_000;
const CALM_MS = 5000;
const KILLS = 5;
/** Of all events that came. */
const MOST_REPEATED = 0.001;

type Response = Parameters<typeof reply>[0];

const busy = (response: Response): true => reply(response, 503, { text: 'Server is busy', code: 9 });
const full = (response: Response): true =>
  reply(response, 429, { text: 'Queue at capacity', code: 26 }, { 'retry-after': '1' });

/** Events counted at the receiver, while it is away, refuses, or the runtime is killed. */
export const telemetryLoss: Case = {
  name: 'telemetry-loss',
  title: `events that are lost or come twice, at 500 events/s beside searches`,
  rounds: 1,
  open: () =>
    Promise.resolve({
      contestants: [
        {
          name: 'receiver down for a minute',
          run: () =>
            lossesOf(async ({ receiver }) => {
              await receiver.down();
              await sleep(MINUTE);
              await receiver.up();
            }),
        },
        { name: '503 for a minute', run: () => lossesOf((scene) => refusing(scene, busy)) },
        { name: '429 for a minute', run: () => lossesOf((scene) => refusing(scene, full)) },
        {
          name: `killed with -9, ${KILLS} times`,
          run: () =>
            lossesOf(async (scene) => {
              for (let kill = 0; kill < KILLS; kill++) {
                await sleep(8000 + 617 * kill);
                await scene.kill();
                await scene.start();
              }
            }),
        },
        {
          name: 'down for a minute, killed with -9 meanwhile and while the queue empties',
          run: () =>
            lossesOf(async (scene) => {
              await scene.receiver.down();
              await sleep(MINUTE / 2);
              await scene.kill();
              await scene.start();
              await sleep(MINUTE / 2);
              const before = scene.receiver.events.length;
              await scene.receiver.up();
              await scene.receiver.until(() => scene.receiver.events.length > before + 5000, 2 * MINUTE);
              await scene.kill();
              await scene.start();
            }),
        },
      ],
      close: () => Promise.resolve(),
    }),
};

async function refusing({ receiver }: LossScene, answer: (response: Response) => true): Promise<void> {
  receiver.fault = (_events, response) => answer(response);
  await sleep(MINUTE);
  receiver.fault = () => false;
}

async function lossesOf(trouble: (scene: LossScene) => Promise<void>): Promise<Sample> {
  const scene = new LossScene();
  await scene.open();
  try {
    const started = performance.now();
    await scene.during(async () => {
      await sleep(CALM_MS);
      await trouble(scene);
      await sleep(CALM_MS);
    });
    const { told, lost, received, repeated } = await scene.count();
    if (lost > 0) throw new Error(`${lost} of ${told} events were lost`);
    if (repeated > MOST_REPEATED * received)
      throw new Error(`${repeated} of ${received} events came twice, more than ${MOST_REPEATED * 100} %`);
    return {
      seconds: (performance.now() - started) / 1000,
      details: { 'told by what was answered': told, lost, received, 'came twice': repeated },
    };
  } finally {
    await scene.close();
  }
}
