'use strict';
// As SeatDaemon sets it, and says why.
const v8Flags = ['--semi-space-growth-factor=1'];
require('@switchyard/runtime/program').run(require('node:path').dirname(__dirname), 'main', v8Flags);
