export * from './Log.js';
export * from './RuntimeDir.js';
