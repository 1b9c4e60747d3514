/** syslog(2), linux/kern_levels.h. */
export const levels = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'] as const;
/** Facilities that the kernel itself does not write in are whoever's who may write to /dev/kmsg. */
const KERNEL_FACILITY = 0;

/** One record of /dev/kmsg (Documentation/ABI/testing/dev-kmsg): "prio,sequence,µs,flags[,…];text\n KEY=value\n…". */
export interface KernelRecord {
  /** 0…7, the lower the worse. */
  readonly level: number;
  readonly facility: number;
  /** Counts from boot; one that is not the last one's successor says that records were lost. */
  readonly sequence: number;
  /** Since boot. */
  readonly microseconds: number;
  /** It goes on with the line of the record before. */
  readonly continues: boolean;
  readonly text: string;
  /** SUBSYSTEM, DEVICE, … */
  readonly dictionary: ReadonlyMap<string, string>;
}

/** PRINTK_MESSAGE_MAX of the kernel, with a header and every byte escaped: one read() gives no more. */
export const RECORD_LIMIT = 8192;

/** Undefined for what is no record. */
export function parseKernelRecord(bytes: Uint8Array): KernelRecord | undefined {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
  const end = whole.indexOf(';');
  if (end < 0) return undefined;
  const [priority, sequence, microseconds, flags = '-'] = whole.slice(0, end).split(',');
  const numbers = [priority, sequence, microseconds].map(natural);
  if (numbers.some(Number.isNaN)) return undefined;
  const [lines, ...more] = whole.slice(end + 1).split('\n');
  const dictionary = new Map<string, string>();
  for (const line of more) {
    // Each of them begins with a space; what does not is no part of the record.
    const at = line.indexOf('=');
    if (line.startsWith(' ') && at > 0) dictionary.set(line.slice(1, at), unescaped(line.slice(at + 1)));
  }
  const [prio, number, time] = numbers as [number, number, number];
  return {
    level: prio & 7,
    facility: prio >>> 3,
    sequence: number,
    microseconds: time,
    continues: flags.includes('+'),
    text: unescaped(lines!),
    dictionary,
  };
}

/** What the kernel says when it is in trouble that it may not survive. */
const alarms = [
  /^BUG: /,
  /^Oops: /,
  /\bOops: /,
  /^Kernel panic /,
  /^Internal error: /,
  /^general protection fault/,
  /^Unable to handle kernel /,
  /^kernel BUG at /,
  /^watchdog: BUG: /,
  /^UBSAN: /,
];

/** Somebody ought to see it at once: an oops, a BUG, or whatever was written as an emergency. */
export function isAlarm({ level, facility, text }: KernelRecord): boolean {
  if (level === 0) return true;
  return facility === KERNEL_FACILITY && alarms.some((alarm) => alarm.test(text));
}

function natural(text: string | undefined): number {
  return text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

/** The kernel writes what is no printable ASCII, and backslashes, as \xNN; together they are UTF-8. */
function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  const bytes = text.replaceAll(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
