export * from './FdStore.js';
export * from './Log.js';
export * from './NodeEnvironment.js';
export * from './notify.js';
export * from './ProcessIdentity.js';
export * from './RuntimeDir.js';
export * from './SeatPlace.js';
export * from './terminate.js';
