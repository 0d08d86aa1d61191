import type { Runtime } from '../runtimes/runtime.ts';

export interface RuntimeStepProps {
  /** The runtime that searches use, where one answers. */
  runtime: Runtime | undefined;
  /** Reads again how far the setup is. */
  onChanged: () => void;
  onNext: () => void;
}
