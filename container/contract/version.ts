/**
 * The version of what bridge and runtime say to each other; sent in `kepler-contract` with every request and reply.
 * It rises when an old bridge could misread a new runtime, or the other way round.
 */
export const CONTRACT_VERSION = 1;

/** The oldest that this side still speaks: one before, once there is one. See docs/decisions/0005-versions-apart.md. */
export const OLDEST_CONTRACT_VERSION = 1;

/** The release of app and runtime. */
export const KEPLER_VERSION = '0.1.0';

/** Below 0 where release `a` is older than `b`, above 0 where it is newer; 0 too where one of them is no release. */
export function releaseOrder(a: string, b: string): number {
  const parse = (text: string) => /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})/.exec(text)?.slice(1).map(Number);
  const [left, right] = [parse(a), parse(b)];
  if (!left || !right) return 0;
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/** What to upgrade where app and runtime are of two releases; empty where they are of the same. */
export function whatToUpgrade(app: string, runtime: string): string {
  const order = releaseOrder(app, runtime);
  if (order === 0) return '';
  return order > 0
    ? `The runtime is Kepler ${runtime}, older than the app (${app}): upgrade the runtime.`
    : `The app is Kepler ${app}, older than the runtime (${runtime}): upgrade the app.`;
}
