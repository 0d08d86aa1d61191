// Hands compiled kernels to tests the way the bundler hands them to the product: as bytes.
module.exports = {
  process: (_source, path) => ({
    code: `module.exports = { __esModule: true, default: new Uint8Array(require('node:fs').readFileSync(${JSON.stringify(path)})) };`,
  }),
};
