import native from '@switchyard/native';
import { Fd } from './Fd.js';
import { check } from './SystemError.js';

/** Where the addon leaves the two ends. */
const ENDS = 8;

/**
 * pipe2(2), as it is given to a program that will write: its end waits while the pipe is full, as programs expect; ours to
 * read does not (`read` gives -1 when there is nothing now).
 */
export function createPipe(what = 'pipe'): { reading: Fd; writing: Fd } {
  check(native.createPipe(), 'pipe2', what);
  const { results } = native;
  return { reading: Fd.adopt(results[ENDS]!, what), writing: Fd.adopt(results[ENDS + 1]!, what) };
}
