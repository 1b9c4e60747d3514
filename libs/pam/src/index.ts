export * from './authenticate.js';
export * from './Dialogue.js';
export * from './Interview.js';
export { serviceName } from './ServiceName.js';
export * from './Throttle.js';
export * from './Verdict.js';
