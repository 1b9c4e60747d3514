export * from './Log.js';
export * from './notify.js';
export * from './RuntimeDir.js';
export * from './terminate.js';
