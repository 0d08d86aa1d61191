import type Docker from 'dockerode';
import { KeplerError } from '../../../../container/contract/errors.ts';
import { LABELS, type Labels } from './labels.ts';
import { LAYOUT } from './layout.ts';
import type { RuntimeSpec } from './types.ts';

/** On the container that carries files into a volume and is never started. */
const COURIER = 'kepler.courier';

export interface ModelVolume {
  readonly name: string;
  readonly isNew: boolean;
}

/** The volumes of runtimes: one for its models, which outlives its container, one for what is handed over, which does not. */
export class DockerVolumes {
  readonly #docker: Docker;
  readonly #installation: string;

  constructor(docker: Docker, installation: string) {
    this.#docker = docker;
    this.#installation = installation;
  }

  static isCourier(labels: Labels): boolean {
    return labels[COURIER] !== undefined;
  }

  /** The volume for its models, made where it is missing. @throws KeplerError container_exists where it belongs to somebody else */
  async models(spec: RuntimeSpec): Promise<ModelVolume> {
    const name = spec.volume ?? `kepler-${spec.name}-models`;
    const present = await this.#inspect(name);
    if (present) {
      // One that the administrator names may come from anywhere; one that Kepler names must be its own.
      if (spec.volume === undefined && !this.#isOwn(present.Labels)) throw foreign(name, spec.name);
      return { name, isNew: false };
    }
    await this.#docker.createVolume({ Name: name, Labels: this.#labels(spec.name) });
    return { name, isNew: true };
  }

  /**
   * Puts the files of a tar archive into a fresh volume and returns its name. The runtime's container only reads that volume,
   * so another one, never started, carries them in.
   */
  async handOver(runtime: string, image: string, archive: Buffer): Promise<string> {
    const name = handoverName(runtime);
    const present = await this.#inspect(name);
    if (present && !this.#isOwn(present.Labels)) throw foreign(name, runtime);
    if (present) await this.removeHandover(runtime);
    await this.#docker.createVolume({ Name: name, Labels: this.#labels(runtime) });
    const courier = await this.#docker.createContainer({
      Image: image,
      Labels: { ...this.#labels(runtime), [COURIER]: 'true' },
      NetworkDisabled: true,
      HostConfig: {
        Mounts: [{ Type: 'volume', Source: name, Target: LAYOUT.handover, ReadOnly: false }],
      },
    });
    try {
      await courier.putArchive(archive, { path: LAYOUT.handover });
    } finally {
      await this.#dismiss(courier.id);
    }
    return name;
  }

  /** Also what a courier left behind that was interrupted. */
  async removeHandover(runtime: string): Promise<void> {
    const label = Object.entries({ ...this.#labels(runtime), [COURIER]: 'true' }).map(
      ([k, v]) => `${k}=${v}`,
    );
    for (const { Id } of await this.#docker.listContainers({ all: true, filters: { label } })) {
      await this.#dismiss(Id);
    }
    const present = await this.#inspect(handoverName(runtime));
    if (present && this.#isOwn(present.Labels)) await this.#docker.getVolume(handoverName(runtime)).remove();
  }

  /** Removes a volume that Kepler made; one that the administrator brought is left alone. */
  async remove(name: string): Promise<void> {
    const present = await this.#inspect(name);
    if (present && this.#isOwn(present.Labels)) await this.#docker.getVolume(name).remove();
  }

  /** With the nameless volume that the image declares for its models. */
  async #dismiss(courier: string): Promise<void> {
    await this.#docker.getContainer(courier).remove({ force: true, v: true });
  }

  #labels(runtime: string): Record<string, string> {
    return { [LABELS.installation]: this.#installation, [LABELS.runtime]: runtime };
  }

  #isOwn(labels: Labels | null): boolean {
    return labels?.[LABELS.installation] === this.#installation;
  }

  async #inspect(name: string): Promise<Docker.VolumeInspectInfo | undefined> {
    try {
      return await this.#docker.getVolume(name).inspect();
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode === 404) return undefined;
      throw error;
    }
  }
}

const handoverName = (runtime: string): string => `kepler-${runtime}-handover`;

const foreign = (volume: string, runtime: string): KeplerError =>
  new KeplerError(
    'container_exists',
    `The engine has a volume ${volume} already that this installation of Kepler did not make, so it is left alone. If its models are to be used, name it: volume = ${volume} in kepler.conf [runtime:${runtime}]; else name the runtime otherwise.`,
  );
