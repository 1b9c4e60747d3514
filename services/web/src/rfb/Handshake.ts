import { createCipheriv, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { CountedTry } from '../door/SignInLimit.js';
import type { Role } from '../Shares.js';
import type { VncPasswords } from '../VncPassword.js';
import { ByteStream } from './ByteStream.js';
import { Security, VERSION, VERSION_SIZE, VeNCrypt } from './Messages.js';

/** The client does not keep to the protocol, or gave a wrong password. */
export class RfbRefusal extends Error {}

export interface Door {
  /** Of at most eight characters, which is all that the protocol compares; undefined: nobody is asked, and all may act. */
  readonly passwords: VncPasswords | undefined;
  /** For VeNCrypt. */
  readonly tls: SecureContext | undefined;
  /** Whether the password may be asked for outside of TLS. */
  readonly plain: boolean;
  /** The password is about to be asked for; false when too many are typing theirs. */
  ask(): boolean;
  /** An answer came: it may be compared, or the address has had its share and waits this long (ms). */
  attempt(): CountedTry | number;
}

/**
 * RFC 6143, section 7.1, and VeNCrypt with X.509 certificates:
 *
 *   version ──▶ security type ──▶ (VeNCrypt: TLS) ──▶ (password) ──▶ result
 *
 * Resolves to the stream on which the client goes on, and what it may do. Rejects with RfbRefusal, which the client has
 * been told.
 */
export async function shakeHands(socket: Socket, door: Door): Promise<{ stream: ByteStream; role: Role }> {
  let stream = new ByteStream(socket);
  socket.write(VERSION);
  const version = (await stream.take(VERSION_SIZE)).toString('latin1');
  // Later versions do not exist; what says so is to be spoken to as 3.8. Older ones choose no security type.
  const minor = Number(/^RFB 003\.(\d{3})\n$/.exec(version)?.[1] ?? 0);
  if (minor < 8) throw new RfbRefusal(`its version is ${JSON.stringify(version)}, not 3.8`);

  // Clients that know VeNCrypt without our subtype take it if it comes first; those that want TLS look for it.
  const types = [
    ...(door.plain ? [door.passwords === undefined ? Security.none : Security.vncAuth] : []),
    ...(door.tls === undefined ? [] : [Security.veNCrypt]),
  ];
  socket.write(Buffer.of(types.length, ...types));
  const [type] = await stream.take(1);
  if (!types.includes(type as never)) throw refuse(stream, `there is no security type ${type}`);
  if (type === Security.veNCrypt) stream = await startTls(stream, door);
  const role = door.passwords === undefined ? 'drive' : await askPassword(stream, door.passwords, door);
  stream.socket.write(Buffer.of(0, 0, 0, 0));
  return { stream, role };
}

/** VeNCrypt 0.2 (rfbproto): the version, our one subtype, TLS. */
async function startTls(stream: ByteStream, { tls, passwords }: Door): Promise<ByteStream> {
  const subtype = passwords === undefined ? VeNCrypt.x509None : VeNCrypt.x509Vnc;
  stream.socket.write(Buffer.of(0, 2));
  const [major, minor] = await stream.take(2);
  if (major !== 0 || minor !== 2) {
    stream.socket.write(Buffer.of(255));
    throw new RfbRefusal(`VeNCrypt ${major}.${minor}, not 0.2`);
  }
  const offer = Buffer.of(0, 1, 0, 0, 0, 0);
  offer.writeUInt32BE(subtype, 2);
  stream.socket.write(offer);
  const chosen = (await stream.take(4)).readUInt32BE();
  if (chosen !== subtype) {
    stream.socket.write(Buffer.of(0));
    throw new RfbRefusal(`VeNCrypt's subtype ${chosen} is not offered`);
  }
  stream.socket.write(Buffer.of(1));
  const raw = stream.release() as Socket;
  const secure = new TLSSocket(raw, { isServer: true, secureContext: tls! });
  raw.on('error', () => secure.destroy());
  return new ByteStream(secure);
}

async function askPassword(stream: ByteStream, passwords: VncPasswords, door: Door): Promise<Role> {
  if (!door.ask()) throw refuse(stream, 'too many passwords are being typed; try again in a minute');
  const challenge = randomBytes(16);
  stream.socket.write(challenge);
  const answer = await stream.take(16);
  const counted = door.attempt();
  if (typeof counted === 'number')
    throw refuse(stream, `too many wrong passwords; wait ${Math.ceil(counted / 1000)} seconds`);
  // Both are compared, whichever it is.
  const [drive, watch] = (['drive', 'watch'] as const).map((role) =>
    timingSafeEqual(answer, desResponse(passwords[role], challenge)),
  );
  if (!drive && !watch) throw refuse(stream, 'the password is wrong');
  counted.succeeded();
  return drive ? 'drive' : 'watch';
}

/** RFC 6143, 7.2.2: DES with the password as key, each byte's bits mirrored. Weak: behind TLS or on loopback only. */
export function desResponse(password: string, challenge: Buffer): Buffer {
  const key = Buffer.alloc(8);
  key.set(Buffer.from(password, 'latin1').subarray(0, 8));
  for (const [index, byte] of key.entries()) {
    let mirrored = 0;
    for (let bit = 0; bit < 8; bit++) mirrored |= ((byte >> bit) & 1) << (7 - bit);
    key[index] = mirrored;
  }
  // Three times the same key is plain DES, which OpenSSL 3 has no longer by itself.
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([key, key, key]), null).setAutoPadding(false);
  return Buffer.concat([cipher.update(challenge), cipher.final()]);
}

/** SecurityResult 1 and why. */
function refuse({ socket }: ByteStream, reason: string): RfbRefusal {
  const text = Buffer.from(reason);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(1);
  head.writeUInt32BE(text.length, 4);
  socket.write(Buffer.concat([head, text]));
  return new RfbRefusal(reason);
}
