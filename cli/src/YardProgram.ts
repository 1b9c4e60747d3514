import { createRequire } from 'node:module';

/** `yard` itself, to be run by Node. */
export const yardProgram = createRequire(import.meta.url).resolve('@switchyard/yard/bin/yard.js');
