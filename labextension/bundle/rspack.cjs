// What the build of the extension does differently: chunks are called as the modules are that they begin with,
// and each screen is one, so that a page that shows one loads no other.
module.exports = {
  optimization: { chunkIds: 'named', splitChunks: false }
};
