/** The names of the session manager on the bus: org.freedesktop.login1(5), and what Switchyard adds to it. */
export const login1 = {
  name: 'org.freedesktop.login1',
  path: '/org/freedesktop/login1',
  manager: 'org.freedesktop.login1.Manager',
  seat: 'org.freedesktop.login1.Seat',
  session: 'org.freedesktop.login1.Session',
  user: 'org.freedesktop.login1.User',
} as const;

export const switchyard = {
  deviceManager: 'org.switchyard.DeviceManager1',
  deviceProvider: 'org.switchyard.DeviceProvider1',
  deviceProviderPath: '/org/switchyard/DeviceProvider1',
  session: 'org.switchyard.Session1',
} as const;

export type DeviceKind = 'monitor' | 'keyboard' | 'pointer' | 'touch';
export const deviceKinds: ReadonlySet<string> = new Set<DeviceKind>([
  'monitor',
  'keyboard',
  'pointer',
  'touch',
]);

/** What PauseDevice says: please stop and acknowledge; revoked already; forget it. */
export type PauseKind = 'pause' | 'force' | 'gone';

/**
 * An id as one element of an object path, the way systemd does it (bus_label_escape): every byte outside
 * [A-Za-z0-9] and a leading digit become `_xx`, nothing becomes `_`.
 */
export function escapeLabel(id: string): string {
  if (id === '') return '_';
  let label = '';
  for (const byte of Buffer.from(id)) {
    const character = String.fromCharCode(byte);
    const plain = /[A-Za-z]/.test(character) || (label !== '' && /[0-9]/.test(character));
    label += plain ? character : `_${byte.toString(16).padStart(2, '0')}`;
  }
  return label;
}

export function sessionPath(id: string): string {
  return `${login1.path}/session/${escapeLabel(id)}`;
}
export function seatPath(id: string): string {
  return `${login1.path}/seat/${escapeLabel(id)}`;
}
export function userPath(uid: number): string {
  return `${login1.path}/user/_${uid}`;
}
