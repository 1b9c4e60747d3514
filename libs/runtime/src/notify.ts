import { Socket } from '@switchyard/sys';

/** sd_notify(3): tells the supervisor what this service does. Without $NOTIFY_SOCKET, or when nobody listens there, it does nothing. */
function notify(state: string): void {
  const address = process.env['NOTIFY_SOCKET'];
  if (!address) return;
  try {
    const socket = Socket.connect(address, 'dgram');
    const send = () => {
      // The kernel queues few datagrams for a supervisor that is busy.
      if (socket.send(Buffer.from(state))) socket.close();
    };
    socket.watch({ drained: send, failed: () => socket.close() });
    send();
  } catch {
    // A supervisor that is gone or restarting asks /proc instead; the service goes on.
  }
}

/** The service can be used from now on. */
export function notifyReady(status?: string): void {
  notify(status === undefined ? 'READY=1' : `READY=1\nSTATUS=${status}`);
}

/** What the service does now, for `yard status`. */
export function notifyStatus(status: string): void {
  notify(`STATUS=${status}`);
}

/** Where the service's page is. Only who reads the socket hears it, so it may have a token. */
export function notifyUrl(url: string): void {
  notify(`X_URL=${url}`);
}
