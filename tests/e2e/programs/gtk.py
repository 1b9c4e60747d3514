# usage: gtk.py 3.0|4.0 FILE: a GTK window with an entry; what is entered there is appended to FILE.
import sys

import gi

gi.require_version("Gtk", sys.argv[1])
from gi.repository import Gtk


def entered(entry):
    with open(sys.argv[2], "a") as file:
        file.write(entry.get_text() + "\n")


def activate(app):
    window = Gtk.ApplicationWindow(application=app, title="GTK " + sys.argv[1])
    entry = Gtk.Entry()
    entry.connect("activate", entered)
    if sys.argv[1] == "3.0":
        window.add(entry)
        window.show_all()
    else:
        window.set_child(entry)
        window.present()


app = Gtk.Application()
app.connect("activate", activate)
app.run([])
