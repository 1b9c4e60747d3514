/** The kernel did not go to the VT that a switch needs; everything is as it was before. */
export class SwitchRefused extends Error {
  constructor(vt: number | undefined, active: number) {
    super(
      vt === undefined
        ? `The kernel withdrew its wish to leave VT ${active}`
        : `The kernel does not go from VT ${active} to VT ${vt}: switching is locked, or what has VT ${active} does not let go`,
    );
  }
}
