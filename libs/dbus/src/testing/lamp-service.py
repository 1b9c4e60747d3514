"""org.example.Lamp1 as GLib implements it: lamp-service.py ADDRESS lamp.xml; prints its unique name."""
import os
import sys
from gi.repository import Gio, GLib

node = Gio.DBusNodeInfo.new_for_xml(open(sys.argv[2]).read())
interface = node.interfaces[0]
state = {'on': False}
flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
connection = Gio.DBusConnection.new_for_address_sync(sys.argv[1], flags, None, None)


def call(connection, sender, path, interface_name, method, parameters, invocation):
    if method == 'Blink':
        times, classes = parameters.unpack()
        for i in range(times):
            connection.emit_signal(None, path, interface_name, 'Blinked', GLib.Variant('(uo)', (i + 1, path)))
        total = times * 2**40
        invocation.return_value(GLib.Variant('(tas)', (total, [f'{name}={value}' for name, value in classes])))
    elif method == 'Describe':
        description = {'on': GLib.Variant('b', state['on']), 'size': GLib.Variant('(dd)', (0.5, 2.0))}
        invocation.return_value(GLib.Variant('(a{sv})', (description,)))
    elif method == 'Size':
        fd = invocation.get_message().get_unix_fd_list().get(parameters.unpack()[0])
        size = os.fstat(fd).st_size
        os.close(fd)
        invocation.return_value(GLib.Variant('(x)', (size,)))
    elif method == 'Open':
        fd = os.memfd_create('opened')
        os.write(fd, parameters.unpack()[0].encode())
        fds = Gio.UnixFDList.new_from_array([fd])
        invocation.return_value_with_unix_fd_list(GLib.Variant('(h)', (0,)), fds)
    elif method == 'get':
        invocation.return_value(GLib.Variant('(ay)', (bytes(reversed(parameters.unpack()[0])),)))
    else:
        invocation.return_dbus_error('org.example.Error.Broken', 'it is broken')


def get(connection, sender, path, interface_name, name):
    if name == 'On':
        return GLib.Variant('b', state['on'])
    if name == 'Colours':
        return GLib.Variant('a{s(yyy)}', {'red': (255, 0, 0)})
    return GLib.Variant('s', '1.0')


def set(connection, sender, path, interface_name, name, value):
    state['on'] = value.unpack()
    changed = GLib.Variant('(sa{sv}as)', (interface_name, {'On': value}, []))
    connection.emit_signal(None, path, 'org.freedesktop.DBus.Properties', 'PropertiesChanged', changed)
    return True


connection.register_object('/lamp', interface, call, get, set)
request = GLib.Variant('(su)', ('org.example.Lamp', 0))
connection.call_sync('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus', 'RequestName',
                     request, None, 0, -1, None)
print(connection.get_unique_name(), flush=True)
GLib.MainLoop().run()
