import { describe, expect, it } from 'vitest';
import {
  escapeAddressValue,
  parseAddresses,
  sessionBusAddress,
  socketOfAddress,
  systemBusAddress,
} from './Address.js';

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

describe('the well-known buses', () => {
  it('are where the environment says, and else in their places', () => {
    expect(sessionBusAddress({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x', XDG_RUNTIME_DIR: '/y' })).toBe(
      'unix:path=/x',
    );
    expect(sessionBusAddress({ XDG_RUNTIME_DIR: '/run/user/1000,5' })).toBe(
      'unix:path=/run/user/1000%2c5/bus',
    );
    expect(sessionBusAddress({})).toBeUndefined();
    expect(systemBusAddress({ DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/x' })).toBe('unix:path=/x');
    expect(systemBusAddress({})).toBe('unix:path=/run/dbus/system_bus_socket');
  });
});
