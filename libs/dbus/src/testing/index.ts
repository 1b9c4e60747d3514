export * from './GLibLamp.js';
export * from './RawClient.js';
export * from './ReferenceBus.js';
