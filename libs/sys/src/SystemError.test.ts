import { constants } from 'node:fs';
import { expect, test } from 'vitest';
import { createMemfd, Fd, ioctl, Mapping, Pidfd, Socket, SystemError, truncate } from './index.js';

function errorOf(action: () => unknown): SystemError {
  try {
    action();
  } catch (error) {
    if (error instanceof SystemError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('an error says what was done to what and why, with the errno as name and number', () => {
  const error = errorOf(() => Fd.open('/dev/input/event-none', constants.O_RDONLY));
  expect(error.message).toBe('ENOENT: open /dev/input/event-none: No such file or directory');
  expect(error).toMatchObject({
    name: 'SystemError',
    code: 'ENOENT',
    errno: 2,
    syscall: 'open',
    subject: '/dev/input/event-none',
  });
});

test('errors of fds name what the fd was opened as', () => {
  using fd = Fd.open('/dev/null', constants.O_RDONLY);
  using memfd = createMemfd('pool', { size: 4096 });
  expect(errorOf(() => ioctl(fd, 0x5401, new Uint8Array(64))).message).toBe(
    'ENOTTY: ioctl(0x5401) /dev/null: Inappropriate ioctl for device',
  );
  expect(errorOf(() => truncate(memfd, -1)).message).toBe('EINVAL: ftruncate memfd pool: Invalid argument');
  expect(errorOf(() => Mapping.map(memfd, 0)).message).toBe('EINVAL: mmap memfd pool: Invalid argument');
  expect(errorOf(() => Socket.connect('/nowhere/at/all')).message).toBe(
    'ENOENT: connect /nowhere/at/all: No such file or directory',
  );
  expect(errorOf(() => Pidfd.open(0x7ffffff0)).message).toBe('ESRCH: pidfd_open 2147483632: No such process');
});

test('numbers that node:os does not name have their names too', () => {
  expect(new SystemError(109, 'sendmsg', 'x').message).toBe(
    'ETOOMANYREFS: sendmsg x: Too many references: cannot splice',
  );
  expect(new SystemError(11, 'accept', 'x').code).toBe('EAGAIN');
  expect(new SystemError(95, 'accept', 'x').code).toBe('EOPNOTSUPP');
});
