/**
 * Header fields of org.switchyard.Bus1 (docs/dbus.md, "The extension"), as code and signature. A broker that knows them
 * takes `metadata` from nobody and passes the others on only to connections that have negotiated them; every other
 * broker and client drops them, as the specification wants of unknown fields.
 */
export const ExtensionField = {
  /** From the bus: what the kernel and the bus know of the sender, by the names of MetadataItem. */
  metadata: 0xe0,
  /** The body lies in a memfd: index among the message's fds, offset, length, signature ('' for plain bytes). */
  payload: 0xe1,
  /** The lowest is the most urgent; for receivers that take from an inbox. 0 when it is not there. */
  priority: 0xe2,
  /** To the bus, of a call: microseconds until the bus answers that there was no reply in time. */
  deadline: 0xe3,
} as const;

export const extensionSignatures: Readonly<Record<number, string>> = {
  [ExtensionField.metadata]: 'a{sv}',
  [ExtensionField.payload]: '(uttg)',
  [ExtensionField.priority]: 'x',
  [ExtensionField.deadline]: 't',
};

/** Where a message's payload is. */
export type PayloadPlace = { fd: number; offset: number; length: number; signature: string };
