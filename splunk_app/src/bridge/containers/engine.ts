import type { ContainerEngine, EngineSettings } from './types.ts';

/**
 * The engine of the settings. Nothing is asked of it yet: `check()` tells whether it answers. What speaks with it is loaded
 * only here, so that searches do not pay for it.
 */
export async function openEngine(settings: EngineSettings): Promise<ContainerEngine> {
  const { DockerEngine } = await import('./docker.ts');
  return DockerEngine.open(settings);
}
