// What the build of the extension does differently from others: chunks are called as the modules are that they
// begin with; each screen is one, and what several screens draw with is one more, but for the log, the table and
// curves, which not all show.
const part = name => ({
  test: new RegExp(`[\\\\/]lib[\\\\/]ui[\\\\/]${name}[\\\\/]`),
  name: `lib_ui_${name}`,
  chunks: 'async',
  minChunks: 2,
  minSize: 0,
  priority: 1
});

const shared = {
  test: /[\\/](lib[\\/]ui|lib[\\/]style[\\/]base\.css|node_modules[\\/]preact)([\\/]|$)/,
  name: 'lib_ui',
  chunks: 'async',
  minChunks: 2,
  minSize: 0
};

module.exports = {
  // The server lets browsers keep what is asked for with a `v`, and a changed chunk has another name: so it need not be
  // its hash once more, which each page would load for each chunk.
  output: { chunkFilename: '[name].[contenthash].js?v=1' },
  optimization: {
    chunkIds: 'named',
    splitChunks: {
      cacheGroups: {
        default: false,
        defaultVendors: false,
        chart: part('chart'),
        graph: part('graph'),
        // What lays out graphs is as large as a screen.
        dagre: {
          test: /[\\/]node_modules[\\/]@dagrejs[\\/]/,
          name: 'dagre',
          chunks: 'async',
          minSize: 0
        },
        grid: part('grid'),
        log: part('log'),
        shared
      }
    }
  },
  // They are parts of Preact, whose license is noted.
  ignoreWarnings: [/license file for (preact-hooks|jsx-runtime)/]
};
