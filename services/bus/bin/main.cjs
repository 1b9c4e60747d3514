'use strict';
// As optimizeLate (libs/runtime) sets it, and says why.
const v8Flags = ['--interrupt-budget=1500000'];
require('@switchyard/runtime/program').run(require('node:path').dirname(__dirname), 'main', v8Flags);
