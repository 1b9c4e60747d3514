/** A value together with its type: D-Bus's `v`. */
export class Variant<T = unknown> {
  readonly signature: string;
  readonly value: T;

  constructor(signature: string, value: T) {
    this.signature = signature;
    this.value = value;
  }
}
