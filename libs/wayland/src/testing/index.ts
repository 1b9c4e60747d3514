export { Fuzzer } from './Fuzzer.js';
export { permissiveHandler } from './permissiveHandler.js';
export type { Recording } from './Recording.js';
