export interface DialogueRequest {
  /** PAM's rules: serviceName(). */
  readonly service: string;
  /** "": PAM asks for the name. */
  readonly user: string;
  /** PAM_TTY, PAM_RHOST. */
  readonly terminal?: string | undefined;
  readonly remoteHost?: string | undefined;
  /** A password that is too old may be changed in this dialogue; otherwise it is refused. */
  readonly mayChange?: boolean | undefined;
}

export interface SessionProgram {
  /** Runs with the rights of the process that began the dialogue: setpriv(1) and its like change them. */
  readonly argv: readonly string[];
  /** Goes over what PAM's modules set. */
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
  /** It reads lines from its standard input before it begins, which open() sends. */
  readonly gated?: boolean | undefined;
}
