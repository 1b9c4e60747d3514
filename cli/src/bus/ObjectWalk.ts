import {
  type CallOptions,
  type Connection,
  childPath,
  DBusError,
  type IntrospectedNode,
  ProtocolError,
  type Proxy as RemoteObject,
} from '@switchyard/dbus';

/** Objects of one name: systemd has a few thousand; more than this is a service that makes them up. */
const maximumObjects = 20_000;
/** Introspections on their way at once. */
const window = 16;

export type WalkedObject = { path: string; node: IntrospectedNode };

/** Introspects an object and all below it, in the order of their paths. What cannot be introspected has no interfaces and no children. */
export async function walkObjects(
  bus: Connection,
  name: string,
  options: CallOptions = {},
): Promise<WalkedObject[]> {
  const root = '/';
  const found: WalkedObject[] = [];
  const seen = new Set([root]);
  const waiting = [root];
  while (waiting.length > 0 && found.length < maximumObjects) {
    const level = await Promise.all(
      waiting.splice(0, window).map((path) => look(bus.proxy(name, path, options), path === root)),
    );
    found.push(...level);
    for (const child of level.flatMap(({ path, node }) => node.children.map((one) => childPath(path, one)))) {
      if (seen.has(child)) continue;
      seen.add(child);
      waiting.push(child);
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function look(object: RemoteObject, isRoot: boolean): Promise<WalkedObject> {
  const { path } = object;
  try {
    return { path, node: await object.introspect() };
  } catch (error) {
    // That nobody is there, or answers, is for the caller; an object without introspection is an object.
    if (
      isRoot &&
      error instanceof DBusError &&
      /\.(ServiceUnknown|NameHasNoOwner|AccessDenied|NoReply)$/.test(error.name)
    )
      throw error;
    if (!(error instanceof DBusError) && !(error instanceof ProtocolError)) throw error;
    return { path, node: { name: '', interfaces: [], children: [] } };
  }
}
