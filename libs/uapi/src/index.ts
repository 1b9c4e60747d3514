export * from './input.js';
export * from './Struct.js';
