'use strict';
// It is nearly always where it was built; node-gyp-build looks in more places, which takes longer than loading it.
try {
  module.exports = require('./build/Release/switchyard.node');
} catch {
  module.exports = require('node-gyp-build')(__dirname);
}
