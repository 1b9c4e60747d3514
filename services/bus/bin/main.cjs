'use strict';
require('@switchyard/runtime/program').run(require('node:path').dirname(__dirname), 'main');
