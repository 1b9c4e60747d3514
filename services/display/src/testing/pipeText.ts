import { type Fd, Poll, read } from '@switchyard/sys';

/** All that comes out of a pipe until its end. Takes the fd over. */
export function pipeText(pipe: Fd): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const bytes = Buffer.alloc(65_536);
    Poll.watch(pipe, 'readable', () => {
      const count = read(pipe, bytes);
      if (count > 0) text += bytes.toString('utf8', 0, count);
      if (count !== 0) return;
      pipe.close();
      resolve(text);
    });
  });
}
