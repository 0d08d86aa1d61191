/** How webpack makes the pages: a stub per view, chunks that views share, nothing that tells of sources. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import MinimizerPlugin from 'minimizer-webpack-plugin';
import webpack from 'webpack';

export const PAGES = {
  sources: 'ui/pages',
  output: 'dist/pages',
  shipped: 'splunk_app/appserver/static/pages',
  views: 'splunk_app/default/data/ui/views',
  template: 'ui/views/page.html',
  overlay: 'dist/pages-before-10.4',
  sizes: 'dist/pages-sizes.json',
} as const;

/** The views that have a page: folders of `ui/pages` with an entry. */
export function viewNames(): string[] {
  return readdirSync(PAGES.sources)
    .filter((name) => existsSync(join(PAGES.sources, name, 'index.ts')))
    .sort();
}

/** `output` is a folder; `maps` writes source maps beside the files, which do not name them. */
export function pagesConfiguration(output: string, maps: boolean): webpack.Configuration {
  return {
    mode: 'production',
    target: ['web', 'es2020'],
    // Never an eval variant: Splunk's content policy and AppInspect refuse it.
    devtool: maps ? 'hidden-source-map' : false,
    entry: Object.fromEntries(viewNames().map((view) => [view, `./${PAGES.sources}/${view}/index.ts`])),
    output: {
      path: resolve(output),
      filename: '[name].js',
      chunkFilename: 'chunk-[contenthash:12].js',
      publicPath: 'auto',
      chunkLoadingGlobal: 'keplerChunks',
      uniqueName: 'kepler',
    },
    resolve: {
      extensions: ['.tsx', '.ts', '.js'],
      alias: { rxjs$: resolve('ui/splunkd/rxjs.ts') },
    },
    module: {
      rules: [
        { test: /@splunk.react-page.18\.js$/, loader: resolve('build/header-selector-loader.cjs') },
        { test: /@splunk.ui-utils.[\w.-]+\.js$/, loader: resolve('build/lodash-parts-loader.cjs') },
        {
          test: /\.tsx?$/,
          exclude: /node_modules/,
          loader: 'swc-loader',
          options: {
            jsc: {
              parser: { syntax: 'typescript', tsx: true },
              target: 'es2020',
              transform: { react: { runtime: 'automatic' } },
            },
          },
        },
      ],
    },
    plugins: [
      new webpack.DefinePlugin({
        'typeof process': '"object"',
        'process.env': '({})',
        'process.env.NODE_ENV': '"production"',
        'process.env.SC_ATTR': 'undefined',
        'process.env.REACT_APP_SC_ATTR': 'undefined',
      }),
    ],
    optimization: {
      // Named by what is in them, so that the same sources make the same files.
      moduleIds: 'deterministic',
      chunkIds: 'deterministic',
      splitChunks: { chunks: 'async', minSize: 8000, maxAsyncRequests: 12 },
      minimizer: [
        new MinimizerPlugin({
          minify: MinimizerPlugin.swcMinify,
          extractComments: false,
          minimizerOptions: { format: { comments: false } },
        }),
      ],
    },
    performance: false,
  };
}
