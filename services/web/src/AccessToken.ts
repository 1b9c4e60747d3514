import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Access } from './Shares.js';

/** 256 bits: nobody guesses it, however fast the loopback is. */
const TOKEN_BYTES = 32;
/** A token that a person chose must at least not be tried out in passing. */
const TOKEN_MIN_LENGTH = 16;
const TOKEN_FORM = /^[A-Za-z0-9_-]{16,128}$/;

/**
 * The secret that lets a browser see and drive the seat. It outlives the service in `state/web-token`, so that after a
 * restart what every browser holds (BrowserKey) is still good and open pages just reconnect.
 */
export class AccessToken implements Access {
  readonly value: string;
  readonly share = '';
  readonly role = 'drive';
  readonly digest: Buffer;

  private constructor(value: string) {
    this.value = value;
    this.digest = digest(value);
  }

  /** A token given by the user; throws when it is too short or would need escaping in a URL or cookie. */
  static given(value: string): AccessToken {
    if (!TOKEN_FORM.test(value))
      throw new Error(
        `the token must be ${TOKEN_MIN_LENGTH} to 128 characters of A-Z a-z 0-9 _ -; leave --token out for a random one`,
      );
    return new AccessToken(value);
  }

  /** The token of this runtime directory, made on first use. */
  static ofDirectory(stateDirectory: string): AccessToken {
    const path = join(stateDirectory, 'web-token');
    try {
      const kept = readFileSync(path, 'utf8').trim();
      if (TOKEN_FORM.test(kept)) return new AccessToken(kept);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    const made = new AccessToken(randomBytes(TOKEN_BYTES).toString('base64url'));
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    writeFileSync(path, `${made.value}\n`, { mode: 0o600 });
    return made;
  }

  /** Compares in constant time, whatever the candidate's length. */
  accepts(candidate: string): boolean {
    return timingSafeEqual(digest(candidate), this.digest);
  }
}

const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
