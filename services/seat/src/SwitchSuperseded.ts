/** A switch that will not come about: another one was asked for, or its target ended. */
export class SwitchSuperseded extends Error {
  constructor(by: string | undefined) {
    super(
      by === undefined
        ? 'The session ended before it became active'
        : `A switch to ${by} was asked for instead`,
    );
  }
}
