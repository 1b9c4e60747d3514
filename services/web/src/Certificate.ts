import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';

/** Browsers take no certificate for longer than this from others; ours follow the same rule (days). */
const DAYS = 397;
/** One that ends sooner than this is made anew (ms). */
const RENEW_BEFORE_MS = 14 * 24 * 3600 * 1000;

/** What TLS shows and proves: given by files, or made once by openssl(1) and kept in `state/web-tls`. */
export class Certificate {
  readonly cert: string;
  readonly key: string;
  /**
   * For VNC clients: TLS 1.2, as TLS 1.3 sends session tickets behind the handshake, and TigerVNC's client waits for
   * ever when one comes together with what follows.
   */
  readonly vncContext: SecureContext;
  /** SHA-256 of the certificate, in the form in which browsers show it. */
  readonly fingerprint: string;

  private constructor(cert: string, key: string) {
    this.cert = cert;
    this.key = key;
    this.vncContext = createSecureContext({ cert, key, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
    this.fingerprint = new X509Certificate(cert).fingerprint256;
  }

  /** Throws with words when a file cannot be read, or the two do not belong together. */
  static ofFiles(certFile: string, keyFile: string): Certificate {
    try {
      return new Certificate(readFileSync(certFile, 'utf8'), readFileSync(keyFile, 'utf8'));
    } catch (error) {
      throw new Error(`the certificate ${certFile} with ${keyFile}: ${(error as Error).message}`);
    }
  }

  /** The one of this directory, for the listening address, the host's name and loopback; made if there is none that is good. */
  static ofDirectory(stateDirectory: string, listen: string): Certificate {
    const directory = join(stateDirectory, 'web-tls');
    try {
      const kept = Certificate.ofFiles(join(directory, 'cert.pem'), join(directory, 'key.pem'));
      const { validTo } = new X509Certificate(kept.cert);
      const covers = isIP(listen) === 0 || new X509Certificate(kept.cert).checkIP(listen) !== undefined;
      if (Date.parse(validTo) - Date.now() > RENEW_BEFORE_MS && covers) return kept;
    } catch {
      // There is none, or it is damaged: another is made.
    }
    mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
    const fresh = mkdtempSync(join(stateDirectory, 'web-tls-'));
    try {
      makeSelfSigned(fresh, listen);
      rmSync(directory, { recursive: true, force: true });
      renameSync(fresh, directory);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
    return Certificate.ofFiles(join(directory, 'cert.pem'), join(directory, 'key.pem'));
  }
}

function makeSelfSigned(directory: string, listen: string): void {
  const addresses = new Set(['127.0.0.1', '::1']);
  const names = new Set(['localhost', hostname()]);
  if (isIP(listen) !== 0) addresses.add(listen);
  else names.add(listen);
  const alternatives = [
    ...[...names].map((name) => `DNS:${name}`),
    ...[...addresses].map((address) => `IP:${address}`),
  ].join(',');
  try {
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
        ...['-days', String(DAYS), '-subj', '/CN=Switchyard', '-addext', `subjectAltName=${alternatives}`],
        ...['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'extendedKeyUsage=serverAuth'],
        ...['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], timeout: 30_000 },
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error(
        'a certificate is made by openssl, which is not installed; install it, or give --tls-cert and --tls-key',
      );
    throw new Error(
      `openssl made no certificate: ${(error as { stderr?: Buffer }).stderr?.toString().trim()}`,
    );
  }
}
