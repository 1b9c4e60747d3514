import { connect, type Socket } from 'node:net';
import { ByteStream } from '../rfb/ByteStream.js';
import { desResponse } from '../rfb/Handshake.js';

export interface RfbClient {
  readonly socket: Socket;
  readonly stream: ByteStream;
  /** Of the framebuffer, at first. */
  readonly width: number;
  readonly height: number;
}

/** A VNC client that was let in by VncAuth, and says from then on what a test tells it to. */
export async function rfbClient(port: number, password: string): Promise<RfbClient> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const stream = new ByteStream(socket);
  await said(stream, Buffer.from('RFB 003.008\n'));
  socket.write('RFB 003.008\n');
  await said(stream, Buffer.of(2, 2, 19));
  socket.write(Buffer.of(2));
  socket.write(desResponse(password, await stream.take(16)));
  await said(stream, Buffer.alloc(4));
  socket.write(Buffer.of(1));
  const head = await stream.take(24);
  await stream.take(head.readUInt32BE(20));
  return { socket, stream, width: head.readUInt16BE(0), height: head.readUInt16BE(2) };
}

async function said(stream: ByteStream, expected: Buffer): Promise<void> {
  const bytes = await stream.take(expected.length);
  if (!bytes.equals(expected))
    throw new Error(`${bytes.toString('hex')} instead of ${expected.toString('hex')}`);
}
