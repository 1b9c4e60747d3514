import { Fd } from '@switchyard/sys';
import { Resource } from '../server/Resource.js';

/**
 * A handler that accepts every request of every interface: new resources get itself, fds are closed. It lets a test talk
 * all protocols without meaning any.
 */
export const permissiveHandler: never = new Proxy(
  {},
  {
    get:
      () =>
      (_resource: unknown, ...args: unknown[]) => {
        for (const arg of args) {
          if (arg instanceof Fd) arg.close();
          if (arg instanceof Resource && !arg.implemented) arg.implement(permissiveHandler);
        }
      },
  },
) as never;
