'use strict';
require('../../../libs/runtime/bin/program.cjs').run(require('node:path').dirname(__dirname), 'main');
