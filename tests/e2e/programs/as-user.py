# usage: as-user.py UID PROGRAM…: becomes another user's program that has this session's Wayland connection already, for
# programs that refuse to run as root.
import os
import socket
import sys

connection = socket.socket(socket.AF_UNIX)
connection.connect(os.environ.pop("WAYLAND_DISPLAY"))
connection.set_inheritable(True)
uid = int(sys.argv[1])
directory = f"/tmp/yard-user-{os.getpid()}"
os.mkdir(directory, 0o700)
os.chown(directory, uid, uid)
os.setgroups([])
os.setresgid(uid, uid, uid)
os.setresuid(uid, uid, uid)
os.environ.update(WAYLAND_SOCKET=str(connection.fileno()), XDG_RUNTIME_DIR=directory, HOME=directory)
os.chdir(directory)
os.execvp(sys.argv[2], sys.argv[2:])
