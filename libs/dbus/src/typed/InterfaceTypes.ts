import type { InterfaceDescription } from '../Interface.js';

/** What an interface is in TypeScript's types; code that `yard bus codegen` generates has one for each. */
export type InterfaceTypes = {
  /** By name: what a read gives. */
  properties: object;
  /** By name: what a write takes; only those that can be written. */
  writable: object;
  /** By name: the arguments. */
  signals: object;
  /** What an object has to have to be exported. */
  object: object;
};

/** An interface's description, which knows its types. */
export type TypedInterface<Types extends InterfaceTypes> = InterfaceDescription & {
  /** Never there: it carries the types. */
  readonly types?: Types;
};

export type Names<Members> = keyof Members & string;

/** Gives a description its types. */
export function defineInterface<Types extends InterfaceTypes>(
  description: InterfaceDescription,
): TypedInterface<Types> {
  return description;
}
