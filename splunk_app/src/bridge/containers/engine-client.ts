/**
 * The packages that speak with a container engine, in one place: the build makes them a program of its own, which is read only
 * when this module is imported (build/bundles.ts). Import it with `import()` alone.
 */
export { default as Docker } from 'dockerode';
export { pack } from 'tar-stream';
