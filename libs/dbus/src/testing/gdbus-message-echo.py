"""Reads D-Bus messages as lines of hex, and writes each as GLib makes it out of what it has read, in the other byte order."""
import sys
from gi.repository import Gio

for line in sys.stdin:
    message = Gio.DBusMessage.new_from_blob(bytes.fromhex(line.strip()), Gio.DBusCapabilityFlags.NONE)
    big = message.get_byte_order() == Gio.DBusMessageByteOrder.BIG_ENDIAN
    message.set_byte_order(Gio.DBusMessageByteOrder.LITTLE_ENDIAN if big else Gio.DBusMessageByteOrder.BIG_ENDIAN)
    print(bytes(message.to_blob(Gio.DBusCapabilityFlags.NONE)).hex(), flush=True)
