import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Where whoever starts a terminal before its session is there says which one it is. */
const GATE_FD = 3;
/** What stands on each line. */
const VARIABLES = ['XDG_SESSION_ID', 'WAYLAND_DISPLAY', 'YARD_WAYLAND_DISPLAY'];

/** Waits for the session and puts what it is into the environment. False when there is none for us. */
export async function passGate(environment: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  const names = [...VARIABLES];
  for await (const line of createInterface(createReadStream('', { fd: GATE_FD }))) {
    const name = names.shift();
    if (name === undefined) break;
    environment[name] = line;
  }
  return names.length === 0;
}
