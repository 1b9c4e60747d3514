'use strict';
// As SeatDaemon and optimizeLate (libs/runtime) set them, and say why.
const v8Flags = ['--semi-space-growth-factor=1', '--interrupt-budget=1500000'];
require('../../../libs/runtime/bin/program.cjs').run(
  require('node:path').dirname(__dirname),
  'main',
  v8Flags,
);
