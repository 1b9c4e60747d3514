{
  "targets": [
    {
      "target_name": "switchyard",
      "sources": [
        "src/addon.c",
        "src/sys.c",
        "src/socket.c",
        "src/memory.c",
        "src/process.c",
        "src/poll.c",
        "src/uevent.c",
        "src/xattr.c",
        "src/signals.c",
        "src/image.c",
        "src/pixels.c",
        "src/guard.c",
        "src/scale.c",
        "src/cells.c",
        "src/draw.c",
        "src/codecs.c",
        "src/i420.c",
        "src/scroll.c",
        "src/xkb_library.c",
        "src/xkb.c",
        "src/compose.c",
        "src/pam.c"
      ],
      "cflags": ["-O2", "-Wall", "-Wextra", "-std=gnu11", "-fvisibility=hidden"],
      "libraries": ["-ldl"]
    }
  ]
}
