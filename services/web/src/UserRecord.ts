import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { promisify } from 'node:util';

/** A user as the machine knows him, whatever names its users: files, LDAP, systemd. */
export interface UserRecord {
  uid: number;
  gid: number;
  home: string;
}

/** Rejects when there is no such user. */
export async function userRecord(uid: number): Promise<UserRecord> {
  if (process.getuid!() === uid) return { uid, gid: process.getgid!(), home: homedir() };
  const { stdout } = await promisify(execFile)('getent', ['passwd', String(uid)]);
  const [, , id, gid, , home] = stdout.trim().split(':');
  if (Number(id) !== uid || home === undefined) throw new Error(`there is no user ${uid}`);
  return { uid, gid: Number(gid), home };
}
