import { tableOf } from '../../../../container/contract/catalogue/rows.ts';
import type { Noun } from '../../../../container/contract/catalogue/types.ts';
import type { ResultTable } from '../../../../container/contract/requests.ts';
import { configured } from './engine.ts';
import { exports, hasToolkit, SHARED_NAMES } from './export.ts';
import type { Head, Question } from './head.ts';
import { hecSteps } from './health-hec.ts';
import { registrySteps } from './health-registry.ts';
import { runtimeSteps } from './health-runtime.ts';
import { telemetrySteps } from './health-telemetry.ts';
import { trySteps } from './steps.ts';
import type { Step } from './steps.ts';

const CHECKS: Readonly<Record<string, (head: Head, options: Question['options']) => readonly Step[]>> = {
  runtime: runtimeSteps,
  hec: hecSteps,
  telemetry: telemetrySteps,
  registry: registrySteps,
  engine: engineSteps,
  export: exportSteps,
};

/** Tries the real things. @returns a row a step */
export async function health(head: Head, noun: Noun, { options }: Question): Promise<ResultTable> {
  const { check = 'all' } = options;
  const names = check === 'all' ? Object.keys(CHECKS) : [check];
  const rows = [];
  for (const name of names) rows.push(...(await trySteps(name, CHECKS[name](head, options))));
  return tableOf(noun.fields, rows);
}

function engineSteps(head: Head): Step[] {
  return [
    {
      step: 'kepler.conf',
      remedy: 'Correct kepler.conf, or run Setup.',
      run: () => {
        const docker = configured(head).runtimes.filter(({ engine }) => engine === 'docker');
        return `${docker.length} of the runtimes in kepler.conf are started by Kepler.`;
      },
    },
    {
      step: 'The engine answers',
      remedy:
        'Start Docker, set [engine] host in kepler.conf, or give the user that runs Splunk the right to its socket. Runtimes that run elsewhere need none.',
      run: async () => {
        const { version, api, host, cores } = await (await configured(head).engine()).check();
        return `Docker ${version} (API ${api}) at ${host}, ${cores} cores.`;
      },
    },
    {
      step: 'Images',
      remedy: 'Build one with npm run image, or pull it on the engine’s machine.',
      run: async () => {
        const images = await (await configured(head).engine()).images();
        if (images.length > 0) return `${images.length} images: ${images.map(({ tag }) => tag).join(', ')}.`;
        return {
          message: 'The engine has no image of Kepler.',
          attention: 'Build one with npm run image, or pull it on the engine’s machine.',
        };
      },
    },
  ];
}

function exportSteps(head: Head): Step[] {
  return [
    {
      step: 'Commands',
      remedy: 'Ask an administrator.',
      run: async () => {
        const all = await exports(head);
        const everywhere = SHARED_NAMES.filter((name) => all.get(name) === 'global');
        if (everywhere.length === 0)
          return 'fit, apply and summary have these names in this app alone; kfit, kapply and ksummary in all.';
        if (everywhere.length === SHARED_NAMES.length)
          return 'fit, apply and summary have these names in all apps.';
        return {
          message: `Only ${everywhere.join(', ')} are exported to all apps.`,
          attention: 'Run | keplerctl set export=global, or export=app, once more.',
        };
      },
    },
    {
      step: 'Machine Learning Toolkit',
      remedy: 'Ask an administrator.',
      run: async () => {
        if (!(await hasToolkit(head))) return 'It is not installed: nothing else has these names.';
        const all = [...(await exports(head)).values()];
        if (!all.includes('global'))
          return 'It is installed, and keeps its commands: Kepler’s are exported to this app alone.';
        return {
          message: 'It is installed, and Kepler’s fit, apply and summary are exported to all apps too.',
          attention: 'Use kfit, kapply and ksummary outside of this app, and | keplerctl set export=app.',
        };
      },
    },
  ];
}
