/** The switch did not come about; everything is as it was before. */
export class SwitchRefused extends Error {
  /** The kernel did not go to the VT that it needs. */
  static byKernel(vt: number | undefined, active: number): SwitchRefused {
    return new SwitchRefused(
      vt === undefined
        ? `The kernel withdrew its wish to leave VT ${active}`
        : `The kernel does not go from VT ${active} to VT ${vt}: switching is locked, or what has VT ${active} does not let go`,
    );
  }

  static byLock(session: string): SwitchRefused {
    return new SwitchRefused(`Session ${session} is locked, and its lock screen does not start just now`);
  }
}
