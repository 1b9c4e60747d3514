import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';

/** A user of this machine's for the time of a test, with a password. Needs root. */
export class TestUser implements Disposable {
  readonly name = `yard${randomBytes(4).toString('hex')}`;
  readonly password = randomBytes(9).toString('base64url');
  readonly uid: number;
  readonly gid: number;

  constructor() {
    execFileSync('useradd', ['--create-home', '--shell', '/bin/sh', this.name]);
    // One round of hashing: tests are not guessed at.
    execFileSync('chpasswd', ['--crypt-method', 'SHA256', '--sha-rounds', '1000'], {
      input: `${this.name}:${this.password}\n`,
    });
    const id = (what: string) => Number(execFileSync('id', [what, this.name]).toString());
    this.uid = id('-u');
    this.gid = id('-g');
  }

  /** chage(1): when the account or the password is over. */
  change(...args: string[]): void {
    execFileSync('chage', [...args, this.name]);
  }

  [Symbol.dispose](): void {
    // One of its processes may be on its way out still, and write there.
    execFileSync('userdel', ['--force', this.name], { stdio: 'ignore' });
    rmSync(`/home/${this.name}`, { recursive: true, force: true, maxRetries: 10 });
  }
}
