import { expect, test } from 'vitest';
import { givenEnvironment, quickStartEnvironment } from './index.js';

test('our programs start without certificates, and what they start for people has them again', () => {
  const given = { NODE_EXTRA_CA_CERTS: '/etc/ssl/office.pem', LANG: 'C' };
  const ours = quickStartEnvironment(given);
  expect(ours).not.toHaveProperty('NODE_EXTRA_CA_CERTS');
  expect(ours['LANG']).toBe('C');
  expect(givenEnvironment(ours)).toEqual(given);
});

test('an environment without certificates stays as it is', () => {
  expect(quickStartEnvironment({ LANG: 'C' })).toEqual({ LANG: 'C' });
  expect(givenEnvironment({ LANG: 'C' })).toEqual({ LANG: 'C' });
});
