export { registryMethods } from './methods.ts';
export type { ModelInfo, NewModel, RegistryCaller, RegistryDoor, WhichRegistry } from './door.ts';
export { MlflowDoor } from './mlflow/door.ts';
export { MlflowQueue } from './mlflow/queue.ts';
export type { MlflowState } from './mlflow/queue.ts';
export type { MlflowSettings } from './mlflow/client.ts';
export type { LoggedVersion } from './mlflow/log-version.ts';
