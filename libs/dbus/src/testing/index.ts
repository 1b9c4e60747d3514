export * from './RawClient.js';
export * from './ReferenceBus.js';
