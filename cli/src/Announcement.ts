import type { YardFile } from './YardFile.js';

/** Tells how to reach a seat: for people, or as one line of JSON. */
export function announce(file: YardFile, { json }: { json?: boolean }): void {
  const { pid, seat, url, waylandDisplay, bus, runtimeDir, vnc, tlsFingerprint } = file;
  if (json) {
    const told = { pid, seat, url, waylandDisplay, bus, runtimeDir, vnc, tlsFingerprint };
    process.stdout.write(`${JSON.stringify(told)}\n`);
    return;
  }
  process.stdout.write(`${seat}  ${url}\n`);
  announceMore(file);
}

/** What people are told beside the page's address. */
export function announceMore({ vnc, tlsFingerprint }: YardFile): void {
  if (tlsFingerprint !== undefined) process.stdout.write(`tls    SHA-256 ${tlsFingerprint}\n`);
  if (vnc === undefined) return;
  const { address, password, viewPassword } = vnc;
  const passwords = password === '' ? '' : `  password ${password}  for watching only ${viewPassword}`;
  process.stdout.write(`vnc    ${address}${passwords}\n`);
}
