import { describe, expect, it } from 'vitest';
import { escapeAddressValue, parseAddresses, socketOfAddress } from './Address.js';

describe('a D-Bus address', () => {
  it('is a list of transports with options', () => {
    const addresses = parseAddresses('unix:path=/run/bus,guid=00ff;unix:abstract=/tmp/x;tcp:host=a');
    expect(addresses.map(socketOfAddress)).toEqual(['/run/bus', '@/tmp/x', undefined]);
    expect(addresses[0]?.options.get('guid')).toBe('00ff');
  });

  it('escapes what may not stand in it', () => {
    const path = '/tmp/a b,c;é%';
    expect(escapeAddressValue(path)).toBe('/tmp/a%20b%2cc%3b%c3%a9%25');
    expect(parseAddresses(`unix:path=${escapeAddressValue(path)}`).map(socketOfAddress)).toEqual([path]);
  });

  it.each(['nothing', ':path=/x', 'unix:path', 'unix:path=/a,path=/b', 'unix:path=%zz'])(
    'is not %j',
    (text) => {
      expect(() => parseAddresses(text)).toThrow(TypeError);
    },
  );
});
