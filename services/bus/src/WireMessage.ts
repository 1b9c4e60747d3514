const noBytes = new Uint8Array(0);

/**
 * A message as it leaves: a head and a body, each a stretch of some memory. Together they are the message, wherever the
 * one ends and the other begins. What passes through makes no views of them; `head` and `body` make some.
 */
export class WireMessage {
  headBytes: Uint8Array = noBytes;
  headStart = 0;
  headEnd = 0;
  bodyBytes: Uint8Array = noBytes;
  bodyStart = 0;
  bodyEnd = 0;

  constructor(head: Uint8Array = noBytes, body: Uint8Array = noBytes) {
    this.headBytes = head;
    this.headEnd = head.length;
    this.bodyBytes = body;
    this.bodyEnd = body.length;
  }

  get length(): number {
    return this.headEnd - this.headStart + this.bodyEnd - this.bodyStart;
  }

  get head(): Uint8Array {
    return this.headBytes.subarray(this.headStart, this.headEnd);
  }

  get body(): Uint8Array {
    return this.bodyBytes.subarray(this.bodyStart, this.bodyEnd);
  }
}
