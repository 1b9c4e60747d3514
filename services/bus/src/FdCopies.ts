import { dupAll, type Fd, SystemError } from '@switchyard/sys';

/** The fds of a message for one more receiver; undefined while the bus has no numbers left. */
export function copiesOf(fds: readonly Fd[]): Fd[] | undefined {
  try {
    return dupAll(fds);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return undefined;
  }
}
