export { Fuzzer } from './Fuzzer.js';
export { permissiveHandler } from './permissiveHandler.js';
