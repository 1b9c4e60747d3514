/** The server ended the connection with wl_display.error. */
export class ProtocolError extends Error {
  /** The interface of the object that the error is about; undefined when the server named an object we do not know. */
  readonly interface: string | undefined;
  readonly object: number;
  readonly code: number;
  /** The code's entry in the interface's `error` enum. */
  readonly codeName: string | undefined;

  constructor(
    type: string | undefined,
    object: number,
    code: number,
    codeName: string | undefined,
    text: string,
  ) {
    super(`${type ?? 'object'}@${object}: ${codeName ?? `error ${code}`}: ${text}`);
    this.name = 'ProtocolError';
    this.interface = type;
    this.object = object;
    this.code = code;
    this.codeName = codeName;
  }
}

/** The connection ended without a protocol error: the server went, or `disconnect` was called. */
export class DisconnectedError extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`the Wayland connection has ended: ${why}`, options);
    this.name = 'DisconnectedError';
  }
}
