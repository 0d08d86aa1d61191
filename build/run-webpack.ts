import webpack from 'webpack';

/** Bundles, and fails with what webpack says. */
export function runWebpack(config: webpack.Configuration): Promise<webpack.Stats> {
  return new Promise((done, failed) => {
    webpack(config, (error, stats) => {
      if (error || !stats) failed(error ?? new Error('webpack made nothing'));
      else if (stats.hasErrors()) failed(new Error(stats.toString({ all: false, errors: true })));
      else done(stats);
    });
  });
}
