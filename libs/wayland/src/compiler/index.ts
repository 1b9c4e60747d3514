export { emitIndex, emitModules } from './Emitter.js';
export { parseProtocol } from './Parser.js';
export type * from './Protocol.js';
