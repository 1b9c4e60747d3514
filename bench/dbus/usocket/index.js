// dbus-next does without it when it cannot be loaded: it then passes no fds.
throw new Error('usocket is left out here');
