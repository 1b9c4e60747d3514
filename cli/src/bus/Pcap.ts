/** LINKTYPE_DBUS of https://www.tcpdump.org/linktypes.html: each packet is one D-Bus message. */
const linkTypeDBus = 231;
/** The magic of files whose times are in nanoseconds, in this machine's byte order. */
const nanosecondMagic = 0xa1b23c4d;
const version = [2, 4] as const;
/** What tcpdump says when packets are whole; a D-Bus message may be longer, and is cut there as Wireshark would. */
const snapshotLength = 128 * 1024 * 1024;

/** The start of a capture file (pcap-savefile(5)). */
export function pcapHeader(): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(nanosecondMagic, 0);
  header.writeUInt16LE(version[0], 4);
  header.writeUInt16LE(version[1], 6);
  header.writeUInt32LE(snapshotLength, 16);
  header.writeUInt32LE(linkTypeDBus, 20);
  return header;
}

/** One message's record; `time` in nanoseconds since 1970. */
export function pcapRecord(message: Uint8Array, time: bigint): Buffer {
  const record = Buffer.alloc(16 + message.length);
  record.writeUInt32LE(Number(time / 1_000_000_000n), 0);
  record.writeUInt32LE(Number(time % 1_000_000_000n), 4);
  record.writeUInt32LE(message.length, 8);
  record.writeUInt32LE(message.length, 12);
  record.set(message, 16);
  return record;
}

/** Now, in nanoseconds since 1970. */
export function realtime(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}
