import type { Case } from '../case.ts';
import { applySmall } from './apply-small.ts';
import { applyForest, applyLinear } from './apply.ts';
import { bridge, sdkEcho } from './bridge.ts';
import { container } from './container.ts';
import { fitLinear } from './fit-linear.ts';
import { fitBoosting, fitForest } from './fit-trees.ts';
import { isolation } from './isolation.ts';
import { packageCase } from './package.ts';
import { pages } from './pages.ts';
import { pythonTemplate } from './python-template.ts';
import { responsiveness } from './responsiveness.ts';
import { scale } from './scale.ts';
import { templateOverhead } from './template-overhead.ts';
import { telemetryLoss } from './telemetry-loss.ts';
import { telemetryCost, telemetryDrain } from './telemetry.ts';

/** Every benchmark, in the order in which all of them run. */
export const CASES: readonly Case[] = Object.freeze([
  applyLinear,
  applyForest,
  applySmall,
  pythonTemplate,
  templateOverhead,
  bridge,
  sdkEcho,
  fitForest,
  fitBoosting,
  fitLinear,
  responsiveness,
  scale,
  packageCase,
  pages,
  container,
  telemetryDrain,
  telemetryCost,
  telemetryLoss,
  isolation,
]);
