/**
 * A webpack loader: `require("lodash")` of a CommonJS module brings all 545 KB; here each function that is called is taken from
 * its own file instead.
 */
module.exports = function lodashParts(source) {
  return source
    .replace(/\(0, lodash_1\.(\w+)\)/g, '(0, require("lodash/$1"))')
    .replace(/^const lodash_1 = require\("lodash"\);$/m, '');
};
