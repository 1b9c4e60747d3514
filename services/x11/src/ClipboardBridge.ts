import { DisplayConnection } from '@switchyard/wayland';
import { type Kind, kinds, WaylandSelections } from './WaylandSelections.js';
import type { XClient } from './XClient.js';
import { XSelection } from './XSelection.js';

const selectionNames: Record<Kind, string> = { clipboard: 'CLIPBOARD', primary: 'PRIMARY' };

/**
 * Joins the X server's CLIPBOARD and PRIMARY with the user's in the display, until either connection ends: what is
 * copied on one side can be pasted on the other.
 *
 * @returns false when the display lets this client have no clipboard.
 */
export async function bridgeClipboards(client: XClient): Promise<boolean> {
  const connection = DisplayConnection.connect();
  const globals = await connection.globals();
  const xSelections = new Map<Kind, XSelection>();
  const wayland = WaylandSelections.open(connection, globals, {
    copied: (kind, content) => xSelections.get(kind)?.offer(content),
  });
  if (!wayland) {
    connection.disconnect();
    return false;
  }
  for (const kind of kinds) {
    const name = selectionNames[kind];
    xSelections.set(
      kind,
      await XSelection.watch(client, name, { copied: (content) => wayland.set(kind, content) }),
    );
  }
  client.onEnd(() => connection.disconnect());
  return true;
}
