/** The algorithms by which `fit` drives a container of DSDL: the older name and the newer one. */
export const CONTAINER_ALGORITHMS = ['MLTKContainer', 'AITKContainer'] as const;

export type ContainerAlgorithm = (typeof CONTAINER_ALGORITHMS)[number];

/** Whether an algorithm means a container of DSDL, and not the runtime's own. */
export function drivesContainer(algorithm: string): algorithm is ContainerAlgorithm {
  return (CONTAINER_ALGORITHMS as readonly string[]).includes(algorithm);
}
